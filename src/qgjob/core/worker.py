"""Workers (one device slot each) and the requirement that a job sets on them."""

from dataclasses import dataclass
from datetime import datetime

from qgjob.core.words import AgentId, AppVersionId, OrgId, Platform, Proof, Sha256, Target, WorkerId, WorkerStatus


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What a device must be to serve a job. `platform` None: any (a protocol-1 job says nothing about it)."""

    target: Target
    platform: Platform | None


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

    `has_project`: it can run jobs that came without a bundle, from a checkout of its own.
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

    def meets(self, requirement: Requirement) -> bool:
        """Whether this worker can serve jobs that set this requirement."""
        return requirement.target in self.targets and (
            requirement.platform is None or self.platform is None or requirement.platform == self.platform
        )
