"""What a person decides about an agent. Everything else it finds out by itself."""

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

ADB_PORT = 5037
"""Where adb's own tools look for its server."""


def default_state_dir() -> Path:
    """Return the folder for what an agent must remember: its id, its journal, what it has running."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "qgjob" / "agent"


def default_cache_dir() -> Path:
    """Return the folder for what can be fetched again: tools, apps, bundles, npm packages."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qgjob"


@dataclass(frozen=True, kw_only=True)
class AgentSettings:
    """One agent. `devices` empty: all that adb has online. `project`: a checkout for jobs that came without a bundle.

    `fake_devices`: so many fake devices instead of real ones.

    Two agents never share a `state_dir`; they may well share a `cache_dir`.
    """

    server_url: str
    devices: tuple[str, ...] = ()
    project: Path | None = None
    state_dir: Path = field(default_factory=default_state_dir)
    cache_dir: Path = field(default_factory=default_cache_dir)
    adb_port: int = ADB_PORT
    fake_devices: int = 0
    name: str = field(default_factory=socket.gethostname)
