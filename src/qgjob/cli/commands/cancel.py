"""`qgjob cancel`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.receipt import read_receipt
from qgjob.cli.say import Say, say_problem
from qgjob.cli.views.run import run_lines
from qgjob.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.jobs import JobShown, RunShown


@dataclass(kw_only=True)
class _Cancelled:
    """What was cancelled, and what could not be."""

    jobs: list[JobShown] = field(default_factory=list)
    runs: list[RunShown] = field(default_factory=list)
    refusals: list[NotFound | Conflict] = field(default_factory=list)


@click.command("cancel", epilog=EPILOG)
@click.argument("ids", metavar="[ID]...", nargs=-1, help="The jobs or runs to stop, by their full ids.")
@click.option("--run-id", metavar="RUN", help="Stop this run; the same as naming it.")
@click.option(
    "--receipt",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Stop the run of this receipt of `qgjob run`; without a run there, nothing.",
)
@with_settings
def cancel_command(settings: Settings, ids: tuple[str, ...], run_id: str | None, receipt: Path | None) -> None:
    """Stop jobs, or whole runs.

    A job that has not begun is cancelled at once, a running one as soon as its worker has stopped it. A finished job
    keeps its verdict; naming one is an error (exit 2), being in the run that is stopped is none.
    """
    if bool(ids) + bool(run_id) + bool(receipt) != 1:
        raise click.UsageError("name either the jobs and runs to stop, or a --run-id, or a --receipt.")
    if receipt:
        run_id = read_receipt(receipt).run_id
    cancelled = _Cancelled()
    with connect(settings) as client:
        for each in ids:
            _cancel(client, each, cancelled)
        if run_id:
            with looking_for(run_id):
                cancelled.runs.append(client.jobs.cancel_run(run_id))
    count = len(cancelled.jobs) + sum(len(run["job_ids"]) for run in cancelled.runs)
    Say(settings).result({"count": count, "jobs": cancelled.jobs, "runs": cancelled.runs}, _view(cancelled))
    _refuse(cancelled.refusals)


def _cancel(client: Client, name: str, cancelled: _Cancelled) -> None:
    """Cancel a job, or else a run, of this id; one that cannot be is no reason to leave the others running."""
    try:
        with looking_for(name):
            cancelled.jobs.append(client.jobs.cancel(name))
    except Conflict as refusal:
        cancelled.refusals.append(refusal)
    except NotFound as refusal:
        try:
            cancelled.runs.append(client.jobs.cancel_run(name))
        except NotFound:
            cancelled.refusals.append(refusal)


def _refuse(refusals: Sequence[NotFound | Conflict]) -> None:
    for refusal in refusals[1:]:
        say_problem(refusal.message)
    if refusals:
        raise refusals[0]


def _view(cancelled: _Cancelled) -> Iterator[str]:
    for job in cancelled.jobs:
        yield f"Job ID: {job['job_id']}"
        yield f"Status: {job['status'].upper()}"
    for run in cancelled.runs:
        yield from run_lines(run)
