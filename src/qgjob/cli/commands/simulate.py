"""`qgjob simulate`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.simulation import measures_view, sizes_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.sim.baselines import Policy
    from qgjob.sim.measures import Measures
    from qgjob.sim.trace import Trace

_POLICIES = ("warmsplit", "whole-group", "fifo")
_KINDS = ("burst", "ci-day")
_DATABASE = "PATH|URL"


@click.command("simulate", epilog=EPILOG)
@click.option("--trace", "trace_file", metavar="FILE", type=click.Path(path_type=Path), help="A workload: .json(.gz).")
@click.option("--generate", type=click.Choice(_KINDS), help="Make a workload up instead, from a seed.")
@click.option("--seed", metavar="N", type=int, default=1, show_default=True, help="Other seeds, other workloads.")
@click.option(
    "--from-history", metavar="DAYS", type=click.FloatRange(min=0, min_open=True), help="Or a farm's own past."
)
@click.option("--database", metavar=_DATABASE, help="Whose past: a SQLite file, or postgresql://user@host/name.")
@click.option("--save-trace", metavar="FILE", type=click.Path(path_type=Path), help="Keep the workload as a trace.")
@click.option("--policy", type=click.Choice(_POLICIES), default=_POLICIES[0], show_default=True, help="What decides.")
@click.option("--set", "changes", metavar="NAME=VALUE", multiple=True, help="Change a setting of warmsplit: theta=3.")
@click.option("--one-job-a-lease", is_flag=True, help="Never lease several short jobs at once.")
@click.option(
    "--workers", metavar="CLASS=N,…", help="On other workers: emulator=12,device=4; emulator=4..16 tries all."
)
@click.option("--events", metavar="FILE", type=click.Path(path_type=Path), help="Write what happened, a line an event.")
@with_settings
def simulate_command(
    settings: Settings,
    *,
    trace_file: Path | None,
    generate: str | None,
    seed: int,
    from_history: float | None,
    database: str | None,
    save_trace: Path | None,
    policy: str,
    changes: tuple[str, ...],
    one_job_a_lease: bool,
    workers: str | None,
    events: Path | None,
) -> None:
    """Run a workload on simulated devices, to see what a rule or more devices would do.

    By the very rule and verbs of a real farm, in virtual time: a day takes seconds, and no server is asked. See
    docs/simulate.md for workloads and figures.
    """
    from qgjob.sim.baselines import policy_named  # noqa: PLC0415  # with the database's driver
    from qgjob.sim.sizing import name_of, on_workers, sizes_of  # noqa: PLC0415
    from qgjob.sim.trace_file import write_trace  # noqa: PLC0415

    say = Say(settings)
    chosen = policy_named(policy, dict(_change(text) for text in changes), one_job_a_lease=one_job_a_lease)
    trace = _trace(say, trace_file=trace_file, generate=generate, seed=seed, days=from_history, database=database)
    if save_trace is not None:
        write_trace(trace, save_trace)
    if workers is None:
        measures = _simulate(say, trace, chosen, events=events)
        say.result(_document(measures), measures_view(measures))
        return
    sizes = sizes_of(workers)
    if events is not None and len(sizes) > 1:
        raise click.UsageError("--events is for one simulation, not for a range of workers.")
    found = []
    for size in sizes:
        say.progress(f"simulating {name_of(size)}")
        found.append((name_of(size), _simulate(say, on_workers(trace, size), chosen, events=events)))
    say.result([{"workers": name} | _document(measures) for name, measures in found], sizes_view(found))


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set {text}: write NAME=VALUE.")
    return name, value


def _trace(
    say: Say,
    *,
    trace_file: Path | None,
    generate: str | None,
    seed: int,
    days: float | None,
    database: str | None,
) -> Trace:
    if sum(each is not None for each in (trace_file, generate, days)) != 1:
        raise click.UsageError("Give one workload: --trace FILE, --generate KIND, or --from-history DAYS.")
    if days is not None:
        return _past(say, days, database)
    if generate is not None:
        from qgjob.sim.generate import generated  # noqa: PLC0415  # as above

        return generated(generate, seed=seed)
    from qgjob.sim.trace_file import read_trace  # noqa: PLC0415  # as above

    assert trace_file is not None  # noqa: S101  # one of the three is given
    return read_trace(trace_file)


def _past(say: Say, days: float, database: str | None) -> Trace:
    from datetime import timedelta  # noqa: PLC0415

    from qgjob.sim.history import past_of  # noqa: PLC0415  # as above
    from qgjob.store import visiting  # noqa: PLC0415

    if database is None:
        raise click.UsageError("--from-history needs --database: whose past is it?")
    with visiting(database if "://" in database else Path(database)) as visitor:
        past = visitor.ask(lambda tx: past_of(tx, since=timedelta(days=days)))
    for line in past.left_out:
        say.progress(line)
    return past.trace


def _simulate(say: Say, trace: Trace, policy: Policy, *, events: Path | None) -> Measures:
    from qgjob.sim.happened import aloud, tell_nobody, teller  # noqa: PLC0415  # as above
    from qgjob.sim.measures import measure  # noqa: PLC0415
    from qgjob.sim.run import simulate  # noqa: PLC0415
    from qgjob.sim.trace_file import check  # noqa: PLC0415

    check(trace)
    with ExitStack() as opened:
        tell = tell_nobody if events is None else teller(opened.enter_context(events.open("w", encoding="utf-8")))
        tell = aloud(tell, jobs=len(trace.jobs), say=say.progress)
        return measure(simulate(trace, policy, tell=tell), policy=policy.name)


def _document(measures: Measures) -> dict[str, object]:
    return {"simulated": True} | asdict(measures)
