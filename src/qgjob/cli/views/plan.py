"""What a run would come to, in one line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from qgjob.core.lengths import about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.say import Block
    from qgjob.wire.prospects import PlanShown


def plan_view(plan: PlanShown, *, cases: int | None) -> Iterator[Block]:
    """Show it as `42 tests, 5 devices, ETA 11 min, 5 installs`; without known tests it counts jobs."""
    what = _count(plan["jobs"], "job") if cases is None else _count(cases, "test")
    yield ", ".join([what, _count(plan["workers"], "device"), f"ETA {_eta(plan)}", _count(plan["installs"], "install")])
    for why in plan.get("unserved", ()):
        yield f"Nobody can run {_count(why['jobs'], 'job')} of these now: {why['message']}"


def _eta(plan: PlanShown) -> str:
    if plan["done_in_s"] is not None:
        return about(timedelta(seconds=plan["done_in_s"]))
    if plan["not_before_in_s"] is not None:
        return f"more than {about(timedelta(seconds=plan['not_before_in_s']))}"
    return "unknown"


def _count(number: int | None, word: str) -> str:
    """Count them; None: there are more in the farm than a forecast looks at."""
    if number is None:
        return f"an unknown number of {word}s"
    return f"{number} {word}{'' if number == 1 else 's'}"
