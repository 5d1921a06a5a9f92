"""Let go of what was kept long enough: jobs with all that belongs to them, evidence, and the files of both.

A small part at a time, so that nobody waits for it. Totals are of all time: what is taken from under them is counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.words import JobStatus, Sha256
from qgjob.service.books import ledger
from qgjob.service.jobs import waiting
from qgjob.store import Row, Transaction
from qgjob.store.clock import to_micros

MOST_LOOKED_AT = 500
MOST_JOBS = 50
MOST_EVIDENCE = 200
MOST_FILES = 500


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How many jobs were removed, and the number of the last that was looked at; None: no other is old enough."""

    jobs: int
    upto: int | None


@dataclass(frozen=True, kw_only=True)
class LooseFiles:
    """A page of files that lay loose: `kept` are referred to again. `upto` None: it was the last page."""

    kept: Sequence[Sha256]
    unnamed: Sequence[Sha256]
    upto: str | None


def forget_jobs(tx: Transaction, *, before: datetime, after: int) -> Forgotten:
    """Remove jobs that ended before a time, a few of those behind the number `after`.

    With them go their attempts, cases with their results, evidence and facts, and the leases, runs and groups that have
    nothing left. A job that somebody is reporting on is passed over.
    """
    looked_at = tx.rows("oldest_jobs", after=after, limit=MOST_LOOKED_AT)
    old_enough = [row for row in looked_at if row["created_at"] < to_micros(before)]
    over = [row for row in old_enough if row["completed_at"] is not None and row["completed_at"] < to_micros(before)]
    taken = over[:MOST_JOBS]
    removed = _remove(tx, [row["job_id"] for row in taken], before=before) if taken else 0
    if len(over) > MOST_JOBS:
        return Forgotten(jobs=removed, upto=taken[-1]["number"])
    at_the_end = len(old_enough) < MOST_LOOKED_AT
    return Forgotten(jobs=removed, upto=None if at_the_end else looked_at[-1]["number"])


def forget_evidence(tx: Transaction, *, before: datetime) -> int:
    """Remove evidence that was stored before a time, a bounded number of pieces; how many."""
    rows = tx.rows("lock_old_evidence", before=before, limit=MOST_EVIDENCE)
    tx.execute_many("remove_evidence", [{name: row[name] for name in ("job_id", "attempt", "name")} for row in rows])
    _loosen(tx, {row["sha256"] for row in rows})
    return len(rows)


def loose_files(tx: Transaction, *, after: str) -> LooseFiles:
    """List files whose last mention was removed, and say which of them are mentioned again."""
    files = [row["sha256"] for row in tx.rows("loose_files", after=after, limit=MOST_FILES)]
    named = {row["sha256"] for row in tx.rows("files_named", files=files)} if files else set()
    return LooseFiles(
        kept=[file for file in files if file in named],
        unnamed=[file for file in files if file not in named],
        upto=files[-1] if len(files) == MOST_FILES else None,
    )


def settle_files(tx: Transaction, *, files: Sequence[Sha256]) -> None:
    """Know that files are gone, or that they are kept."""
    tx.execute("settle_files", files=files)


def _remove(tx: Transaction, job_ids: Sequence[str], *, before: datetime) -> int:
    """Remove those of the jobs that nobody is at. Leases are locked first, as whoever reports does."""
    attempts = tx.rows("attempts_of_jobs", job_ids=job_ids)
    tokens = sorted({row["lease"] for row in attempts})
    held = {row["token"] for row in tx.rows("lock_ended_leases", tokens=tokens)} if tokens else set()
    busy = {row["job_id"] for row in attempts if row["lease"] not in held}
    jobs = tx.rows("lock_ended_jobs", job_ids=[each for each in job_ids if each not in busy], before=before)
    if not jobs:
        return 0
    removed = [row["job_id"] for row in jobs]
    _count_out(tx, jobs, [row for row in attempts if row["job_id"] in set(removed)])
    _loosen(tx, {row["sha256"] for row in tx.rows("files_of_jobs", job_ids=removed)})
    for statement in ("remove_cases", "remove_evidence_of_jobs", "remove_attempts", "remove_facts_of_jobs"):
        tx.execute(statement, job_ids=removed)
    tx.execute_many("remove_ended", [_ended(row) for row in jobs])
    numbers = [row["number"] for row in jobs]
    _remove_results(tx, numbers)
    tx.execute("remove_jobs", numbers=numbers)
    _remove_leases(tx, sorted(held))
    tx.settle()  # runs and groups are counted out before they are looked at
    _remove_runs(tx, sorted({row["run_number"] for row in jobs}))
    _remove_groups(tx, sorted({row["group_id"] for row in jobs}))
    return len(jobs)


def _ended(job: Row) -> Mapping[str, str | int]:
    return {"org_id": job["org_id"], "status": job["status"], "job_number": job["number"]}


def _remove_results(tx: Transaction, numbers: Sequence[int]) -> None:
    """Remove what the cases of jobs came to, and the cases of which nothing is left when others have written."""
    for org_id, case_id in sorted(
        {(row["org_id"], row["case_id"]) for row in tx.rows("remove_results", numbers=numbers)}
    ):
        tx.book("remove_case_without_results", (org_id, case_id), org_id=org_id, case_id=case_id)


def _count_out(tx: Transaction, jobs: Sequence[Row], attempts: Sequence[Row]) -> None:
    """Count what goes, by org, and take it from the groups' sums."""
    org_of = {row["job_id"]: row["org_id"] for row in jobs}
    gone: Counter[tuple[str, str]] = Counter((row["org_id"], row["status"]) for row in jobs)
    for row in attempts:
        gone[org_of[row["job_id"]], "sessions"] += row["sessions"]
    for row in tx.rows("sessions_in_cases", job_ids=list(org_of)):
        gone[org_of[row["job_id"]], "installs_stock"] += row["cases"]
    for (org_id, what), amount in gone.items():
        _count_removed(tx, org_id, what, amount)
    for row in jobs:
        passed = row["status"] == JobStatus.COMPLETED
        tx.add("add_to_run", {"run_id": row["run_id"]}, jobs=-1, ended=-1, passed=-passed)
    for group_id, count in Counter(row["group_id"] for row in jobs).items():
        waiting.add_to_group(tx, group_id, jobs=-count)


def _remove_leases(tx: Transaction, tokens: Sequence[int]) -> None:
    """Remove those of the leases that have no attempt left, with what was installed for them."""
    emptied = [row["token"] for row in tx.rows("leases_without_attempts", tokens=tokens)] if tokens else []
    if not emptied:
        return
    for row in tx.rows("installs_of_leases", tokens=emptied):
        _count_removed(tx, row["org_id"], "installs", row["installs"])
        _count_removed(tx, row["org_id"], "install_us", row["install_us"])
    tx.execute("remove_installs", tokens=emptied)
    tx.execute("remove_leases", tokens=emptied)


def _remove_runs(tx: Transaction, numbers: Sequence[int]) -> None:
    removed = tx.rows("remove_runs_without_jobs", numbers=numbers)
    if removed:
        run_ids = [row["run_id"] for row in removed]
        tx.execute("remove_facts_of_runs", run_ids=run_ids)
        tx.settle()
        tx.execute("fold_ledger_of_runs", run_ids=run_ids)
        tx.execute("remove_ledger_of_runs", run_ids=run_ids)
    for row in removed:
        if row["supersede"] is not None:
            key = {"org_id": row["org_id"], "supersede": row["supersede"], "run_id": row["run_id"]}
            tx.book("drop_keys", row["run_id"], **key)


def _remove_groups(tx: Transaction, group_ids: Sequence[str]) -> None:
    """Remove groups without jobs. A job that comes to one at the same moment makes it anew: see `Books.settle`."""
    for row in tx.rows("remove_groups_without_jobs", group_ids=group_ids):
        ledger.group_made(tx, row["org_id"], groups=-1)


def _count_removed(tx: Transaction, org_id: str, what: str, amount: int) -> None:
    tx.add("count_removed", {"org_id": org_id, "what": what}, amount=amount)


def _loosen(tx: Transaction, files: Collection[str]) -> None:
    tx.execute_many("loosen_file", [{"sha256": sha256, "now": tx.now} for sha256 in sorted(files)])
