"""Whether the database is as promised: everything is counted anew and compared. It finds; it mends nothing.

Tests, the chaos suite and `qgjob db check` ask the same questions, on every database.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qgjob.core.attempt import CaseResult, count_cases
from qgjob.core.words import JobId
from qgjob.service import check_history, check_needs
from qgjob.store import Row, Transaction
from qgjob.store.backup import damage
from qgjob.store.nouns import case_of, counts_of

MOST_SHOWN = 100
"""What breaks one promise, as far as it is shown."""
_PAGE = 1000

PROMISES: Mapping[str, str] = {
    "check_group_sums": "A group's sums are what its jobs, places and leases say.",
    "check_group_ranks": "A group's rank is that of its best waiting job.",
    "check_job_counts": "The counters of jobs are the numbers of jobs.",
    "check_backlogs": "What an org has outstanding is what its jobs say that are not final.",
    "check_runs": "The counts of a run are what its jobs say, and nothing waits in one that was superseded.",
    "check_places": "A job is in exactly the one place its status says: listed, resting, or in one lease in force.",
    "check_queue_limits": "Only jobs that have not ended have a limit to their waiting.",
    "check_list": "What waits is listed as its job says.",
    "check_ended": "A job is listed as ended exactly when it is, and every list knows whose it is.",
    "check_verdicts": "A job has a verdict and an end exactly when it is final.",
    "check_open_attempts": "An attempt ends with its lease.",
    "check_attempt_numbers": "The attempts of a job are numbered without a gap.",
    "check_workers": "A worker has at most one lease in force, and is the one that it names.",
    "check_totals": "The totals of an org are what its groups, installs, cases and attempts add up to.",
    "check_ledger": "The totals of an org are what its days, and its runs, add up to.",
    "check_ledger_runs": "The ledger of a run has all that was done for it.",
    "check_test_sums": "The sums of a suite are what its tests are known to take.",
    "check_ends": "The end of a job was told exactly once.",
    "check_references": "Nothing names what is not there.",
}
CASES = "check_cases"
_CASES_PROMISE = "A final job's counts are what its cases came to."


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found of one promise. `broken_by`: the rows that break it, at most MOST_SHOWN; none when it holds."""

    name: str
    promise: str
    broken_by: tuple[Row, ...]


def check(tx: Transaction) -> tuple[Finding, ...]:
    """Ask of every promise whether it holds, within the one snapshot of `tx`."""
    found = [
        Finding(name=name, promise=promise, broken_by=tuple(tx.rows(name, limit=MOST_SHOWN)))
        for name, promise in PROMISES.items()
    ]
    miscounted = Finding(name=CASES, promise=_CASES_PROMISE, broken_by=tuple(islice(_miscounted(tx), MOST_SHOWN)))
    mismatches = tuple(islice(check_needs.mismatched(tx), MOST_SHOWN))
    matched = Finding(name=check_needs.CHECK, promise=check_needs.PROMISE, broken_by=mismatches)
    misremembered = tuple(islice(check_history.misremembered(tx), MOST_SHOWN))
    remembered = Finding(name=check_history.CHECK, promise=check_history.PROMISE, broken_by=misremembered)
    return (*found, miscounted, matched, remembered)


def check_pages(path: Path) -> Finding:
    """Ask of a SQLite file whether it can be read whole, page by page and index by index."""
    said = tuple({"said": sentence} for sentence in damage(path))
    return Finding(name="check_pages", promise="The database file can be read whole.", broken_by=said)


def broken(tx: Transaction) -> tuple[Finding, ...]:
    """Find the promises that do not hold."""
    return tuple(finding for finding in check(tx) if finding.broken_by)


def _miscounted(tx: Transaction) -> Iterator[Row]:
    """Count the cases of every final job by the rule that counted them when it ended."""
    after = 0
    while jobs := tx.rows("final_jobs", after=after, limit=_PAGE):
        upto = jobs[-1]["number"]
        cases = _cases_by_job(tx.rows("cases_of_final_jobs", after=after, upto=upto))
        for job in jobs:
            counted = count_cases(cases[job["job_id"]])
            if counted != counts_of(job):
                yield {**job, "true_counts": str(counted)}
        after = upto


def _cases_by_job(rows: list[Row]) -> Mapping[JobId, list[CaseResult]]:
    cases: dict[JobId, list[CaseResult]] = defaultdict(list)
    for row in rows:
        cases[row["job_id"]].append(case_of(row))
    return cases
