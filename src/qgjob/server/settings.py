"""What a server is started with, read once from flags and environment. It refuses what is not safe to serve."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qgjob.core.errors import ConfigurationError

SQLITE_PREFIX = "sqlite:///"


class Access(StrEnum):
    """Who may use the server. There is no access control yet, so there are only these two."""

    LOOPBACK = "loopback"
    """Programs of this machine, and no web page."""
    NONE = "none"
    """Everybody who can reach it: `QGJOB_ACCESS=none`, said at every start."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A server's settings. `data_dir` holds the blobs and, unless `database` is elsewhere, the database file."""

    host: str
    port: int
    data_dir: Path
    database: Path
    access: Access


def read_settings(
    *, host: str, port: int, data_dir: Path | None, database_url: str | None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Draw settings from the command line and the environment.

    Raises ConfigurationError for an address off loopback without `QGJOB_ACCESS=none`, for a `database_url` that is not
    `sqlite:///path`, and for a port that is none.
    """
    if port not in range(65536):
        raise ConfigurationError(f"{port} is no port. Give one from 1 to 65535, or 0 for a free one.")
    folder = data_dir or default_data_dir(environ)
    return Settings(
        host=host,
        port=port,
        data_dir=folder,
        database=folder / "qgjob.db" if database_url is None else _database_path(database_url),
        access=_access(host, environ.get("QGJOB_ACCESS")),
    )


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return where a server keeps its data when nobody says: `$XDG_DATA_HOME/qgjob` or `~/.local/share/qgjob`."""
    home = environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "qgjob"


def is_loopback(host: str) -> bool:
    """Whether a socket bound to `host` can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _access(host: str, asked: str | None) -> Access:
    if asked not in {None, "", Access.NONE}:
        raise ConfigurationError(f"QGJOB_ACCESS={asked} is unknown; its one value is `none`: no access control at all.")
    if is_loopback(host):
        return Access.LOOPBACK
    if asked == Access.NONE:
        return Access.NONE
    raise ConfigurationError(
        f"Listening on {host} would open this farm to everybody who can reach it: there is no access control yet. "
        "Use --host 127.0.0.1, or set QGJOB_ACCESS=none if the network itself keeps strangers out."
    )


def _database_path(url: str) -> Path:
    if url.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError("PostgreSQL is not supported yet. Use --database-url sqlite:///path, or leave it out.")
    path = url.removeprefix(SQLITE_PREFIX)
    if path == url or not path:
        raise ConfigurationError(f"--database-url {url!r} is unknown. Give sqlite:///relative or sqlite:////absolute.")
    return Path(path)
