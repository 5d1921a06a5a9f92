"""Jobs: as submitted, and as shown."""

from datetime import datetime
from typing import assert_never

from qgjob.core.job import Job, JobRequest
from qgjob.core.words import AppVersionId, OrgId, Priority, ResetMode, Sha256, Target
from qgjob.server.shapes.times import read_time, shown, shown_if_any
from qgjob.wire.jobs import JobBody, JobPayload, JobShown

_NUMERIC_PRIORITIES = {
    1: Priority.LOW,
    2: Priority.LOW,
    3: Priority.NORMAL,
    4: Priority.HIGH,
    5: Priority.URGENT,
}


def job_request(body: JobBody) -> JobRequest:
    """Read a job that is asked for. The body has been validated."""
    bundle = body.get("bundle")
    return JobRequest(
        org_id=OrgId(body["org_id"]),
        app_version_id=AppVersionId(body["app_version_id"]),
        test_path=body["test_path"],
        target=body.get("target", Target.EMULATOR),
        priority=_priority(body.get("priority", Priority.NORMAL)),
        platform=body.get("platform"),
        bundle=None if bundle is None else Sha256(bundle),
        project=body.get("project"),
        reset=body.get("reset", ResetMode.CLEAR),
        max_retries=body.get("max_retries"),
        timeout_s=body.get("timeout_s"),
        idle_timeout_s=body.get("idle_timeout_s"),
        queue_timeout_s=body.get("queue_timeout_s"),
        deadline_at=_deadline(body.get("deadline")),
        deadline_in_s=body.get("deadline_in_s"),
        grep=body.get("grep"),
        metadata=body.get("metadata", {}),
        os_version=body.get("os_version"),
        model=body.get("model"),
        tags=tuple(body.get("tags", ())),
        pin=body.get("pin"),
        only=body.get("only", False),
    )


def job_shown(job: Job) -> JobShown:
    """Show a job."""
    return JobShown(
        job_id=job.job_id,
        payload=_payload(job.request),
        status=job.status,
        verdict=job.verdict,
        created_at=shown(job.created_at),
        updated_at=shown(job.updated_at),
        started_at=shown_if_any(job.started_at),
        completed_at=shown_if_any(job.completed_at),
        worker_id=job.worker_id,
        result=job.result,
        error_message=job.error_message,
        retry_count=job.retry_count,
        max_retries=job.max_retries,
        run_id=job.run_id,
        group_id=job.group_id,
        attempts=job.attempt,
        retry_of=job.request.retry_of,
        cancel_requested=job.cancel_requested,
        excused=job.excused,
    )


def _payload(request: JobRequest) -> JobPayload:
    return JobPayload(
        org_id=request.org_id,
        app_version_id=request.app_version_id,
        test_path=request.test_path,
        target=request.target,
        priority=request.priority,
        metadata=dict(request.metadata),
        platform=request.platform,
        bundle=request.bundle,
        project=request.project,
        reset=request.reset,
        timeout_s=request.timeout_s,
        idle_timeout_s=request.idle_timeout_s,
        queue_timeout_s=request.queue_timeout_s,
        os_version=request.os_version,
        model=request.model,
        tags=list(request.tags),
        pin=request.pin,
        only=request.only,
        deadline=shown_if_any(request.deadline_at),
        grep=request.grep,
    )


def _deadline(said: str | None) -> datetime | None:
    return None if said is None else read_time(said, field="deadline")


def _priority(said: Priority | int) -> Priority:
    match said:
        case Priority():
            return said
        case int():
            return _NUMERIC_PRIORITIES[said]
        case _:
            assert_never(said)
