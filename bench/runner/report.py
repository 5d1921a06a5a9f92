"""How the figures are shown: a table for people, one JSON document for machines. It computes nothing of its own."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from bench.runner.figures import Pair, by_speed, over, what_bounds
from bench.runner.plan import GOAL_RATIO, GOAL_SPEED
from bench.runner.run import Run
from bench.spread import Spread
from qgjob.core.app import AppBinary

LEFT_OUT = (
    "Stock runs one process for each case: Appwright 0.1.1 dies at a process's second test. Left out, in its favour: "
    "the re-installation of Appium's driver before each session (it would download), npx in front of Playwright, the "
    "check of the app's signature by Java, and the freeing of port 4723 between the processes."
)
_ROW = "{:<8}  {:<6}  {:>8}  {:>8}  {:>9}  {:>19}  {:>8}  {:>8}  {:>10}  {:>8}"
_HEADER = _ROW.format(
    "speed", "", "installs", "sessions", "processes", "wall s", "s a case", "start-up", "installing", "rest"
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Everything that was measured. `prepared_s`: seconds by what was prepared once, in no other figure."""

    app: AppBinary
    versions: Mapping[str, str]
    prepared_s: Mapping[str, float]
    pairs: Sequence[Pair]


def as_text(measured: Measured) -> str:
    """Lay out the table; medians over the rounds, least and greatest in brackets."""
    return "\n".join(_lines(measured))


def as_json(measured: Measured) -> str:
    """Write the document down: summaries by speed, and each run as it was measured."""
    document = {
        "machine": {"system": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()},
        "app": {
            "package": measured.app.package,
            "version_name": measured.app.version_name,
            "size_bytes": measured.app.size_bytes,
        },
        "versions": dict(measured.versions),
        "left_out": LEFT_OUT,
        "goal": {"speed": GOAL_SPEED.name, "ratio": GOAL_RATIO, "missed": what_bounds(measured.pairs)},
        "prepared_s": dict(measured.prepared_s),
        "speeds": [
            {
                "speed": speed.name,
                "rounds": len(pairs),
                "stock_wall_s": asdict(over(pairs, lambda pair: pair.stock.wall_s)),
                "qgjob_wall_s": asdict(over(pairs, lambda pair: pair.qgjob.wall_s)),
                "ratio": asdict(over(pairs, lambda pair: pair.ratio)),
                "ratio_without_start_up": asdict(over(pairs, lambda pair: pair.ratio_without_start_up)),
            }
            for speed, pairs in by_speed(measured.pairs).items()
        ],
        "runs": [asdict(run) for pair in measured.pairs for run in (pair.stock, pair.qgjob)],
    }
    return json.dumps(document, indent=2)


def _lines(measured: Measured) -> Iterator[str]:
    app = measured.app
    first = measured.pairs[0].stock
    rounds = len(by_speed(measured.pairs)[first.speed])
    yield (
        f"{app.package} {app.version_name} ({app.size_bytes / 1e6:.1f} MB) on a virtual Android device, "
        f"{first.cases} cases; median, least and greatest of rounds: {rounds}"
    )
    yield ", ".join(f"{name} {version}" for name, version in measured.versions.items())
    yield ""
    yield _HEADER
    for speed, pairs in by_speed(measured.pairs).items():
        yield _row(speed.name, "stock", pairs, lambda pair: pair.stock)
        yield _row("", "qgjob", pairs, lambda pair: pair.qgjob)
        yield f"{'':<8}  => {_ratios(pairs)}"
    yield ""
    yield f"Prepared once, in no figure above: {_seconds_by_name(measured.prepared_s)}."
    before = over(measured.pairs, lambda pair: pair.qgjob.before_s)
    yield f"An agent starts, Appium with it, in {_spread(before, 1)} s: once for its life, so in no figure above."
    yield LEFT_OUT
    yield what_bounds(measured.pairs) or f"Goal met: at most {GOAL_RATIO} of stock's wall time at {GOAL_SPEED.name}."


def _row(speed: str, way: str, pairs: Sequence[Pair], run_of: Callable[[Pair], Run]) -> str:
    first = run_of(pairs[0])
    wall = over(pairs, lambda pair: run_of(pair).wall_s)
    return _ROW.format(
        speed,
        way,
        first.counts.installs,
        first.counts.sessions,
        first.processes,
        _spread(wall, 1),
        f"{wall.median / first.cases:.2f}",
        f"{over(pairs, lambda pair: run_of(pair).start_up_s).median:.1f}",
        f"{over(pairs, lambda pair: run_of(pair).installing_s).median:.1f}",
        f"{over(pairs, lambda pair: run_of(pair).sessions_and_tests_s).median:.1f}",
    )


def _ratios(pairs: Sequence[Pair]) -> str:
    first = pairs[0]
    installs = f"installs {first.stock.counts.installs} : {first.qgjob.counts.installs}"
    wall = f"wall time x {_spread(over(pairs, lambda pair: pair.ratio), 2)}"
    return f"{installs}, {wall}, without start-up x {_spread(over(pairs, lambda pair: pair.ratio_without_start_up), 2)}"


def _spread(values: Spread, digits: int) -> str:
    return f"{values.median:.{digits}f} ({values.least:.{digits}f}-{values.greatest:.{digits}f})"


def _seconds_by_name(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
