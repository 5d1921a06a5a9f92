"""What an agent says of itself and its devices when it registers."""

from dataclasses import dataclass

from qgjob.core.words import AgentId, LeaseToken, Platform, Sha256, Target


@dataclass(frozen=True, kw_only=True)
class FoundApp:
    """An app that a device holds, hashed on the device itself."""

    package: str
    sha256: Sha256


@dataclass(frozen=True, kw_only=True)
class DeviceFacts:
    """What a device says of itself. `installed` None: nothing that the agent knows of. `fake`: it does not exist."""

    serial: str
    target: Target
    platform: Platform
    os_version: str
    model: str
    tags: frozenset[str] = frozenset()
    installed: FoundApp | None = None
    fake: bool = False


@dataclass(frozen=True, kw_only=True)
class AgentFacts:
    """A registration. `holding` are the leases that the agent still works on; no other lease of its workers is."""

    agent_id: AgentId
    name: str
    protocol: int
    version: str
    has_project: bool
    holding: frozenset[LeaseToken]
    devices: tuple[DeviceFacts, ...]
