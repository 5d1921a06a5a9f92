"""Runs: many jobs submitted together, and what they have come to."""

from collections.abc import Mapping
from typing import cast

from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import FieldProblem, MissingFields
from qgjob.core.job import JobRequest
from qgjob.core.run import Run, RunSummary
from qgjob.server.findings import said
from qgjob.server.shapes.jobs import job_request
from qgjob.server.shapes.times import shown
from qgjob.wire.jobs import CaseCountsBody, JobBody, RunBody, RunItem, RunListed, RunShown

_REQUIRED = ("app_version_id", "test_path")
_DEADLINES = frozenset({"deadline", "deadline_in_s"})


def run_requests(body: RunBody) -> tuple[JobRequest, ...]:
    """Read the jobs of a run, each filled up from the run's own fields.

    Raises MissingFields naming every item that is left without an app version or a test path.
    """
    defaults = {name: value for name, value in body.items() if name in RunItem.__annotations__}
    jobs = [{"org_id": body["org_id"], **_defaults_for(item, defaults), **item} for item in body["jobs"]]
    missing = [
        FieldProblem(field=name, message="is missing, here and in the run", item=place)
        for place, job in enumerate(jobs)
        for name in _REQUIRED
        if name not in job
    ]
    if missing:
        raise MissingFields(said(missing), missing)
    return tuple(job_request(cast("JobBody", job)) for job in jobs)


def _defaults_for(item: RunItem, defaults: Mapping[str, object]) -> Mapping[str, object]:
    """Leave out the run's deadline for a job that says its own, the one way or the other."""
    if item.keys().isdisjoint(_DEADLINES):
        return defaults
    return {name: value for name, value in defaults.items() if name not in _DEADLINES}


def run_shown(run: Run) -> RunShown:
    """Show a run."""
    return RunShown(
        run_id=run.run_id,
        org_id=run.org_id,
        status=run.status,
        created_at=shown(run.created_at),
        jobs={status.value: count for status, count in run.statuses.items()},
        verdicts={verdict.value: count for verdict, count in run.verdicts.items()},
        excused={verdict.value: count for verdict, count in run.excused.items()},
        cases=counts_shown(run.cases),
        job_ids=list(run.job_ids),
        retry_budget=run.retry_budget,
        retries=run.retries,
        supersede=run.supersede,
        superseded_by=run.superseded_by,
    )


def run_listed(run: RunSummary) -> RunListed:
    """Show a run in a list."""
    return RunListed(
        run_id=run.run_id,
        org_id=run.org_id,
        status=run.status,
        created_at=shown(run.created_at),
        jobs=run.jobs,
        waiting=run.waiting,
        ended=run.ended,
        passed=run.passed,
        supersede=run.supersede,
        superseded_by=run.superseded_by,
    )


def counts_shown(counts: CaseCounts) -> CaseCountsBody:
    """Show how cases came out."""
    return CaseCountsBody(
        total=counts.total,
        passed=counts.passed,
        failed=counts.failed,
        flaky=counts.flaky,
        skipped=counts.skipped,
        not_run=counts.not_run,
    )
