"""Why a job or a worker is where it is, with the figures that this was found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import moment
from qgjob.cli.views.prospect import prospect_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from qgjob.cli.say import Block
    from qgjob.wire.prospects import DecisionShown, JobExplained, WorkerExplained

_FIGURE_COLUMNS = (Column(title="What", whole=True), Column(title="Value"))
_DECISION_COLUMNS = (
    Column(title="Lease", right=True, whole=True),
    Column(title="Worker", whole=True),
    Column(title="App version", whole=True),
    Column(title="Jobs", right=True),
    Column(title="Given", whole=True),
    Column(title="Because"),
)


def job_explained(job: JobExplained, *, now: datetime) -> Iterator[Block]:
    """Show why a job waits, when it is done, and each decision about it."""
    yield f"Job ID: {job['job_id']}"
    yield f"Status: {job['status'].upper()}"
    yield from prospect_lines(job["waiting"], job["eta"], now=now)
    if job["waiting"] is not None:
        yield ""
        yield _figures(job["waiting"])
    yield from _decisions(job["decisions"])


def worker_explained(worker: WorkerExplained) -> Iterator[Block]:
    """Show why a worker does what it does, and the last decision about it."""
    yield f"Worker ID: {worker['worker_id']}"
    yield f"Name: {worker['name']}"
    yield f"Status: {worker['status'].upper()}"
    yield f"Why: {worker['occupation']['sentence']}"
    yield ""
    yield _figures(worker["occupation"])
    yield from _decisions([] if worker["last"] is None else [worker["last"]])


def _figures(data: Mapping[str, object]) -> Table:
    rows = tuple((name, "-" if value is None else str(value)) for name, value in data.items() if name != "sentence")
    return Table(columns=_FIGURE_COLUMNS, rows=rows)


def _decisions(decisions: Sequence[DecisionShown]) -> Iterator[Block]:
    if decisions:
        yield ""
        yield Table(columns=_DECISION_COLUMNS, rows=tuple(_decision_row(decision) for decision in decisions))


def _decision_row(decision: DecisionShown) -> tuple[str, ...]:
    return (
        str(decision["lease"]),
        decision["worker_name"],
        decision["app_version_id"],
        str(len(decision["job_ids"])),
        moment(decision["granted_at"]),
        decision["reason"],
    )
