"""What the tools answer with: as little as an agent needs to take its next step, with every list bounded.

Each list that was cut says so by its count beside it.
"""

from typing import NotRequired

from typing_extensions import TypedDict

from qgjob.wire.apps import WorkerShown
from qgjob.wire.jobs import CaseCountsBody, JobShown, RunListed
from qgjob.wire.prospects import EtaShown, JobExplained, RunDetail, WorkerExplained

MOST_LISTED = 100
_MOST_TEXT = 4000


class Device(TypedDict):
    """One device of the farm. `holds`: the app version on it."""

    worker_id: str
    name: str
    status: str
    platform: str | None
    targets: list[str]
    os_version: str
    model: str
    tags: list[str]
    holds: str | None
    quarantine_reason: str | None


class Devices(TypedDict):
    """`devices` are at most 100 of the `count` that there are."""

    count: int
    devices: list[Device]


class Runs(TypedDict):
    """The newest runs first."""

    runs: list[RunListed]


class RunTold(TypedDict):
    """How a run stands. `finished`: every job is final. `exit_code`: what `qgjob wait` would exit with; null before."""

    run_id: str
    org_id: str
    status: str
    finished: bool
    exit_code: int | None
    jobs: dict[str, int]
    verdicts: dict[str, int]
    excused: dict[str, int]
    cases: CaseCountsBody
    eta: EtaShown | None
    superseded_by: str | None


class EvidenceTold(TypedDict):
    """A file that `read_evidence` reads."""

    attempt: int
    name: str
    kind: str
    size_bytes: int


class FailedCase(TypedDict):
    """A case that failed or passed only on a retry. `errors`: of its last execution that was not as it should be."""

    job_id: str
    case_id: str
    title: str
    file: str
    line: int
    outcome: str
    standing: str | None
    muted: bool
    attempts: int
    errors: list[str]
    evidence: list[EvidenceTold]


class FailedJob(TypedDict):
    """A job that did not pass, and why. Its cases, where there are any, are told apart from it."""

    job_id: str
    test_path: str
    verdict: str | None
    message: str | None


class Failures(TypedDict):
    """What did not pass in a run. The counts are of all; each list names 20 at most."""

    run_id: str
    finished: bool
    failed_cases: int
    cases: list[FailedCase]
    failed_jobs: int
    jobs: list[FailedJob]


class Explained(TypedDict):
    """Why a job waits and was given where it was, or why a worker does what it does."""

    job: NotRequired[JobExplained]
    worker: NotRequired[WorkerExplained]


class Submitted(TypedDict):
    """A run that was accepted. `unserved`: sentences about what nobody can serve now."""

    run_id: str
    jobs: int
    unserved: list[str]


class RunCancelled(TypedDict):
    """A run whose jobs are being stopped; `jobs` counts them by status."""

    run_id: str
    status: str
    jobs: dict[str, int]


def device_told(worker: WorkerShown) -> Device:
    """Tell of a worker."""
    installed = worker["installed"]
    return Device(
        worker_id=worker["worker_id"],
        name=worker["name"],
        status=worker["status"],
        platform=worker["platform"],
        targets=worker["target_types"],
        os_version=worker["os_version"],
        model=worker["model"],
        tags=worker["tags"],
        holds=installed["app_version_id"] if installed else None,
        quarantine_reason=worker["quarantine_reason"],
    )


def run_told(run: RunDetail, *, exit_code: int | None) -> RunTold:
    """Tell of a run."""
    return RunTold(
        run_id=run["run_id"],
        org_id=run["org_id"],
        status=run["status"],
        finished=exit_code is not None,
        exit_code=exit_code,
        jobs=run["jobs"],
        verdicts=run["verdicts"],
        excused=run["excused"],
        cases=run["cases"],
        eta=run["eta"],
        superseded_by=run["superseded_by"],
    )


def failed_job_told(job: JobShown) -> FailedJob:
    """Tell of a job that did not pass."""
    return FailedJob(
        job_id=job["job_id"],
        test_path=job["payload"]["test_path"],
        verdict=job["verdict"],
        message=shortened(job["error_message"]) if job["error_message"] else None,
    )


def shortened(text: str) -> str:
    """Cut a text to what is worth an agent's attention, saying so."""
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}… ({len(text)} characters in all)"
