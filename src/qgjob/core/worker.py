"""Workers: one device slot each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from qgjob.core.quarantine import Conduct
from qgjob.core.requirement import Requirement, Traits
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    JobId,
    OrgId,
    Platform,
    Proof,
    Sha256,
    Target,
    WorkerId,
    WorkerStatus,
)


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The app that a worker holds. `sha256` None: nobody proved which bytes (protocol-1 workers)."""

    org_id: OrgId
    app_version_id: AppVersionId
    sha256: Sha256 | None
    package: str | None
    proof: Proof
    installed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One device slot. `agent_id` None: a protocol-1 worker, which speaks for itself.

    `has_project`: it can run jobs that came without a bundle, from a checkout of its own. `current_jobs` are those of
    its lease in force. `metadata` is what a protocol-1 worker said of itself. `draining`: a person wants it to get no
    more work.
    """

    worker_id: WorkerId
    name: str
    agent_id: AgentId | None
    targets: frozenset[Target]
    platform: Platform | None
    model: str
    os_version: str
    serial: str
    tags: frozenset[str]
    has_project: bool
    status: WorkerStatus
    installed: Installed | None
    last_heartbeat: datetime
    conduct: Conduct = field(default_factory=Conduct)
    draining: bool = False
    current_jobs: tuple[JobId, ...] = ()
    metadata: Mapping[str, object] = field(default_factory=dict)

    def takes_work(self, now: datetime) -> bool:
        """Whether it may be given any at all, were it free."""
        return not self.draining and not self.conduct.is_in_quarantine(now)

    @cached_property
    def traits(self) -> Traits:
        """What of it decides which requirements it meets; a protocol-1 worker is taken at its word for its project."""
        return Traits(
            targets=self.targets,
            platform=self.platform,
            has_project=self.has_project or self.agent_id is None,
            os_version=self.os_version,
            model=self.model,
            tags=self.tags,
            names=frozenset({self.worker_id, self.name, self.serial}),
        )

    def meets(self, requirement: Requirement) -> bool:
        """Whether this worker can serve jobs that set this requirement."""
        return requirement.is_met_by(self.traits)


def status_of(
    *, busy: bool, present: bool, draining: bool, quarantined: bool, protocol1: bool, silent_for: timedelta
) -> WorkerStatus:
    """Say what a worker is doing. One that holds a lease is busy for as long as the lease lasts, however silent.

    `present` False: its agent has since registered without it. One that drains is said to, also while it has work.
    """
    lost_after = PROTOCOL1_LEASE if protocol1 else SILENT_AFTER
    if not busy and (not present or silent_for > lost_after):
        return WorkerStatus.OFFLINE
    if draining:
        return WorkerStatus.DRAINING
    if busy:
        return WorkerStatus.BUSY
    return WorkerStatus.QUARANTINED if quarantined else WorkerStatus.IDLE
