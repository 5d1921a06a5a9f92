"""Which run a job belongs to that was submitted alone: that of its like, for a moment after the first of them.

Nobody waits for it: the first makes a run like any other, which can be claimed at once. Two replicas that take in such
jobs at the same moment may make two runs, as neither sees what the other has not committed.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from qgjob.core.job import JobRequest
from qgjob.core.words import AppVersionId, OrgId, RunId
from qgjob.store import Row, Transaction

OPEN_FOR = timedelta(seconds=2)
MOST_COMMIT_CHARACTERS = 200


class Like(NamedTuple):
    """What jobs have in common that join one run. `commit_id`: of their metadata; '' where they say none."""

    org_id: OrgId
    app_version_id: AppVersionId
    commit_id: str


def like_of(request: JobRequest) -> Like | None:
    """Say what a job's like is; None: it has none, as what it calls its commit is no name of one."""
    commit_id = request.metadata.get("commit", "")
    if not isinstance(commit_id, str) or len(commit_id) > MOST_COMMIT_CHARACTERS or not commit_id.isprintable():
        return None
    return Like(org_id=request.org_id, app_version_id=request.app_version_id, commit_id=commit_id)


def open_runs(tx: Transaction, likes: Iterable[Like]) -> Mapping[Like, Row]:
    """Find the runs (id and number) that jobs can join now."""
    wanted = list(dict.fromkeys(likes))
    answers = tx.rows_each(
        "open_run", [{**like._asdict(), "since": tx.now - OPEN_FOR, "now": tx.now} for like in wanted]
    )
    return {like: rows[0] for like, rows in zip(wanted, answers, strict=True) if rows}


def open_for(tx: Transaction, like: Like, run_id: RunId) -> None:
    """Let others join a run that is just being made."""
    tx.book("open_runs_for", like, **like._asdict(), run_id=run_id, now=tx.now)


def close_runs(tx: Transaction) -> None:
    """Take those off the list that nobody joins any more."""
    until = tx.now - OPEN_FOR
    if tx.row("closed_run", until=until, now=tx.now) is not None:
        tx.book("close_runs", None, until=until, now=tx.now)
