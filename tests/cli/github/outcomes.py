"""Outcomes of runs, written out: what the writers for GitHub are shown."""

from pathlib import Path

from qgjob.cli.github.outcome import CaseTold, JobTold, Kind, Outcome, Result, Savings
from qgjob.cli.github.surroundings import Attempt, Surroundings
from qgjob.cli.receipt import ReceiptStatus
from qgjob.core.attempt import CaseCounts

RUN_ID = "0192f0c1-0000-7000-8000-000000000001"
REPORT_URL = f"http://farm.example:5000/runs/{RUN_ID}"
SHA = "c0ffee" + "0" * 34


def told(title: str, kind: Kind = Kind.NEW, *, said: str = "new failure", errors: tuple[str, ...] = ()) -> CaseTold:
    return CaseTold(
        kind=kind, title=title, file="tests/cart.spec.js", line=12, where="", said=said, errors=errors
    )  # fmt: skip


def an_outcome(
    *cases: CaseTold,
    status: ReceiptStatus = ReceiptStatus.FAILED,
    jobs: tuple[JobTold, ...] = (),
    message: str | None = None,
) -> Outcome:
    failed = sum(case.kind is not Kind.FLAKY for case in cases)
    return Outcome(
        status=status,
        message=message,
        run_id=RUN_ID,
        report_url=REPORT_URL,
        result=Result(
            counts=CaseCounts(passed=10, failed=failed, flaky=sum(case.kind is Kind.FLAKY for case in cases)),
            jobs=3,
            cases=cases,
            jobs_told=jobs,
            seconds=65.0,
            savings=Savings(installs=1, installs_avoided=11, test_seconds=200.0),
        ),
    )


def surroundings(*, run_id: int = 100, attempt: int = 1, pull_request: int | None = 7, **urls: str) -> Surroundings:
    return Surroundings(
        repository="acme/shop",
        job_name="CI / e2e",
        key="0123456789abcdef",
        attempt=Attempt(run_id=run_id, number=attempt),
        head_sha=SHA,
        pull_request=pull_request,
        from_fork=False,
        api_url=urls.get("api_url", ""),
        graphql_url=urls.get("graphql_url", ""),
        token="ghs_of-this-job",
        workspace=Path("/work"),
        summary_file=None,
        output_file=None,
    )
