"""Asks the farm what became of a run, and puts it into the few words that are told of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qgjob.cli.github.outcome import CaseTold, JobTold, Kind, Outcome, Result, Savings
from qgjob.cli.receipt import ReceiptStatus, status_of
from qgjob.cli.verdicts import Strictness, deciding_verdicts, exit_code_for
from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import QgjobError
from qgjob.core.words import JobStatus, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qgjob.cli.receipt import Receipt
    from qgjob.client import Client
    from qgjob.wire.cases import RunCaseShown
    from qgjob.wire.jobs import CaseCountsBody, JobShown, RunShown

_BY_CASES = {Verdict.PASSED, Verdict.FLAKY, Verdict.FAILED}
"""Verdicts that the cases of a job account for."""
_STANDINGS = {
    "new_failure": "new failure",
    "first_seen_failing": "failed when it was first seen",
    "known_failure": "known failure",
}
_ORDER = tuple(Kind)


def look_up(client: Client, receipt: Receipt, *, place: str) -> Outcome:
    """Ask for the run of a receipt; where the farm does not answer, the outcome says so. `place`: of the project."""
    status, result, unknown = receipt.status, None, None
    if receipt.run_id is not None:
        try:
            run, jobs = client.jobs.get_run(receipt.run_id, prospect=False), client.jobs.all_of_run(receipt.run_id)
            status = settled(status, run, jobs)
            result = _result(client, run, jobs, place=place)
        except QgjobError as error:
            unknown = error.message
    return Outcome(
        status=status,
        message=receipt.message,
        run_id=receipt.run_id,
        report_url=receipt.report_url,
        result=result,
        unknown=unknown,
    )


def cases_told(cases: Sequence[RunCaseShown], *, place: str) -> tuple[CaseTold, ...]:
    """Choose the cases worth telling of, by importance; those of one importance keep their order."""
    several = len({_kind_of_place(case) for case in cases}) > 1
    told = [_told(case, kind, place=place, several=several) for case in cases if (kind := _kind(case))]
    return tuple(sorted(told, key=lambda case: _ORDER.index(case.kind)))


def settled(status: ReceiptStatus, run: RunShown, jobs: Sequence[JobShown]) -> ReceiptStatus:
    """Say what became of a run whose receipt says that it is running, since what wrote it was killed.

    GitHub gives a step ten seconds when a workflow is cancelled; a job that runs may take longer to stop.
    """
    if status is not ReceiptStatus.RUNNING:
        return status
    if run["status"] == JobStatus.COMPLETED:
        return status_of(exit_code_for(deciding_verdicts(run), Strictness()))
    open_jobs = [job for job in jobs if not JobStatus(job["status"]).is_final]
    return ReceiptStatus.CANCELLED if all(job["cancel_requested"] for job in open_jobs) else status


def _result(client: Client, run: RunShown, jobs: Sequence[JobShown], *, place: str) -> Result:
    run_id = run["run_id"]
    ended = [job["completed_at"] for job in jobs]
    return Result(
        counts=_counts(run["cases"]),
        jobs=len(run["job_ids"]),
        cases=cases_told(client.cases.all_of_run(run_id), place=place),
        jobs_told=tuple(_jobs_told(jobs)),
        seconds=_seconds(run["created_at"], ended),
        savings=_savings(client, run_id),
    )


def _kind(case: RunCaseShown) -> Kind | None:
    if case["outcome"] not in {"failed", "flaky"}:
        return None
    if case["muted"]:
        return Kind.MUTED
    if case["outcome"] == "flaky":
        return Kind.FLAKY
    return Kind.KNOWN if case["standing"] == "known_failure" else Kind.NEW


def _told(case: RunCaseShown, kind: Kind, *, place: str, several: bool) -> CaseTold:
    failed = [execution for execution in case["executions"] if not execution["ok"] and execution["errors"]]
    return CaseTold(
        kind=kind,
        title=case["title"],
        file=f"{place}{case['file']}",
        line=case["line"],
        where=_kind_of_place(case) if several else "",
        said=_said(case),
        errors=tuple(failed[-1]["errors"]) if failed else (),
    )


def _kind_of_place(case: RunCaseShown) -> str:
    return " ".join(word for word in (case["project"], case["target"]) if word)


def _said(case: RunCaseShown) -> str:
    if case["outcome"] == "flaky":
        said = f"passed after {len(case['executions'])} executions"
    else:
        said = _STANDINGS.get(case["standing"] or "", "failed")
    if since := case["failing_since"]:
        said += f", failing since {since[:10]}"
    if (score := case["flaky_score"]) is not None and score > 0:
        said += f", flaky score {score:.2f}"
    return f"muted: {said}" if case["muted"] else said


def _jobs_told(jobs: Iterable[JobShown]) -> Iterable[JobTold]:
    for job in jobs:
        verdict = job["verdict"] or job["status"]
        if verdict not in _BY_CASES:
            yield JobTold(
                test_path=job["payload"]["test_path"],
                where=job["payload"]["target"],
                verdict=verdict,
                message=job["error_message"] or "",
            )


def _counts(counts: CaseCountsBody) -> CaseCounts:
    return CaseCounts(
        passed=counts["passed"],
        failed=counts["failed"],
        flaky=counts["flaky"],
        skipped=counts["skipped"],
        not_run=counts["not_run"],
    )


def _seconds(created_at: str, ended: Sequence[str | None]) -> float | None:
    times = [datetime.fromisoformat(at) for at in ended if at]
    if not times or len(times) < len(ended):
        return None
    return (max(times) - datetime.fromisoformat(created_at)).total_seconds()


def _savings(client: Client, run_id: str) -> Savings | None:
    entries = client.ledger.page(by="run", run_id=run_id)["entries"]
    if not entries:
        return None
    entry = entries[0]
    return Savings(
        installs=entry["installs"], installs_avoided=entry["installs_avoided"], test_seconds=entry["test_seconds"]
    )
