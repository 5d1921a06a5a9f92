"""Agents as they register, and leases as they are offered."""

from qgjob.core.agent import AgentFacts, DeviceFacts, FoundApp
from qgjob.core.app import AppBinary
from qgjob.core.lease import Lease, LeasedJob, LeaseState
from qgjob.core.words import AgentId, LeaseToken, Sha256
from qgjob.server.shapes.times import shown, shown_if_any
from qgjob.wire import agents as wire


def agent_facts(body: wire.AgentRegistration) -> AgentFacts:
    """Read what an agent says of itself."""
    return AgentFacts(
        agent_id=AgentId(body["agent_id"]),
        name=body["name"],
        protocol=body["protocol"],
        version=body["version"],
        has_project=body["has_project"],
        holding=frozenset(LeaseToken(token) for token in body["holding"]),
        devices=tuple(_device_facts(worker) for worker in body["workers"]),
    )


def lease_offer(lease: Lease) -> wire.LeaseOffer:
    """Show a lease to the agent that it is given to."""
    return wire.LeaseOffer(
        token=lease.token,
        worker_id=lease.worker_id,
        deadline_at=shown(lease.deadline_at),
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        group_id=lease.group_id,
        app=None if lease.app is None else _app_offer(lease.app),
        bundle=lease.bundle,
        project=lease.project,
        reset=lease.reset,
        jobs=[_job_offer(job) for job in lease.jobs],
        reason=lease.reason,
    )


def lease_state(state: LeaseState) -> wire.LeaseState:
    """Show whether a lease is in force."""
    return wire.LeaseState(
        token=state.token,
        in_force=state.in_force,
        deadline_at=shown_if_any(state.deadline_at),
        cancel=list(state.cancel),
    )


def _device_facts(worker: wire.WorkerFacts) -> DeviceFacts:
    installed = worker.get("installed")
    return DeviceFacts(
        serial=worker["serial"],
        target=worker["target"],
        platform=worker["platform"],
        os_version=worker["os_version"],
        model=worker["model"],
        tags=frozenset(worker["tags"]),
        installed=None
        if installed is None
        else FoundApp(package=installed["package"], sha256=Sha256(installed["sha256"])),
        fake=worker.get("fake", False),
    )


def _app_offer(binary: AppBinary) -> wire.AppOffer:
    return wire.AppOffer(
        sha256=binary.sha256,
        size_bytes=binary.size_bytes,
        platform=binary.platform,
        kind=binary.kind,
        package=binary.package,
        version_name=binary.version_name,
        version_code=binary.version_code,
        launch_activity=binary.launch_activity,
    )


def _job_offer(job: LeasedJob) -> wire.JobOffer:
    return wire.JobOffer(
        job_id=job.job_id,
        attempt=job.attempt,
        test_path=job.test_path,
        timeout_s=job.timeout_s,
        idle_timeout_s=job.idle_timeout_s,
        grep=job.grep,
        places=[wire.PlaceOffer(file=place.file, line=place.line) for place in job.places],
    )
