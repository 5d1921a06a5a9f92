"""Groups, totals and facts, as shown."""

from qgjob.core.facts import RecordedFact
from qgjob.core.group import Group
from qgjob.core.requirement import Requirement
from qgjob.core.totals import Stats
from qgjob.core.words import JobStatus
from qgjob.server.shapes.times import shown
from qgjob.wire.apps import FactShown
from qgjob.wire.jobs import GroupShown, RequirementShown, StatsShown


def group_shown(group: Group) -> GroupShown:
    """Show a group; the first of its workers stands alone once more, for protocol 1."""
    workers = list(group.workers)
    return GroupShown(
        group_id=group.group_id,
        org_id=group.org_id,
        app_version_id=group.app_version_id,
        requirement=requirement_shown(group.requirement),
        jobs=list(group.job_ids),
        job_count=group.job_count,
        status=group.status,
        created_at=shown(group.created_at),
        assigned_worker=workers[0] if workers else None,
        assigned_workers=[*workers],
    )


def requirement_shown(requirement: Requirement) -> RequirementShown:
    """Show what a device must be."""
    return RequirementShown(
        target=requirement.target,
        platform=requirement.platform,
        project="own" if requirement.own_project else None,
        os_version=None if requirement.os_version is None else str(requirement.os_version),
        model=requirement.model,
        tags=sorted(requirement.tags),
        device=requirement.device,
    )


def stats_shown(stats: Stats) -> StatsShown:
    """Show the farm's totals."""
    return StatsShown(
        total_jobs=sum(stats.jobs.values()),
        pending_jobs=stats.jobs[JobStatus.PENDING],
        queued_jobs=stats.jobs[JobStatus.QUEUED],
        running_jobs=stats.jobs[JobStatus.RUNNING],
        completed_jobs=stats.jobs[JobStatus.COMPLETED],
        failed_jobs=stats.jobs[JobStatus.FAILED],
        cancelled_jobs=stats.jobs[JobStatus.CANCELLED],
        total_groups=stats.groups,
        total_workers=stats.workers,
        active_workers=stats.active_workers,
        installs=stats.ledger.installs,
        installs_stock=stats.ledger.installs_stock,
        installs_avoided=stats.ledger.installs_avoided,
        install_seconds=stats.ledger.install_seconds,
        test_seconds=stats.ledger.test_seconds,
        idle_seconds=stats.ledger.idle_seconds,
        sessions=stats.ledger.sessions,
    )


def fact_shown(recorded: RecordedFact) -> FactShown:
    """Show something that happened."""
    fact = recorded.fact
    return FactShown(
        fact_id=recorded.fact_id,
        at=shown(recorded.at),
        kind=fact.kind,
        org_id=fact.org_id,
        run_id=fact.run_id,
        job_id=fact.job_id,
        worker_id=fact.worker_id,
        data=dict(fact.data),
    )
