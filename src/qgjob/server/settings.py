"""What a server is started with, read once from flags and environment. It refuses what is not safe to serve."""

import ipaddress
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from qgjob.core.errors import ConfigurationError
from qgjob.core.policy import SHIPPED
from qgjob.server.keep import Keep, read_keep

LEAST_THETA, MOST_THETA = 1.0, 8.0
SQLITE_PREFIX = "sqlite:///"
POSTGRES_PREFIXES = ("postgresql://", "postgres://")


class Access(StrEnum):
    """Who may use the server. There is no access control yet, so there are only these two."""

    LOOPBACK = "loopback"
    """Programs of this machine, and no web page, whatever address the server listens on."""
    NONE = "none"
    """Everybody who can reach it: `QGJOB_ACCESS=none`, said at every start."""


@dataclass(frozen=True, kw_only=True)
class AppSettings:
    """What the application works with, wherever it listens.

    `data_dir` holds the blobs and, unless `database` is elsewhere, the database file. Servers that share a database (a
    PostgreSQL URL then) share the folder as well.
    """

    data_dir: Path
    database: Path | str
    access: Access
    allow_fake: bool = False
    """Whether agents may bring devices that do not exist; `QGJOB_ALLOW_FAKE=1`."""
    keep: Keep = field(default_factory=Keep)
    theta: float = SHIPPED.theta
    """How many installations of waiting another installation must be worth: 1 soonest done, 3 fewest installations."""


@dataclass(frozen=True, kw_only=True)
class Settings(AppSettings):
    """The settings of a server that opens its own socket."""

    host: str
    port: int


def read_settings(
    *,
    host: str,
    port: int,
    data_dir: Path | None,
    database_url: str | None,
    environ: Mapping[str, str] = os.environ,
    keep: Keep | None = None,
    theta: float | None = None,
) -> Settings:
    """Draw settings from the command line and the environment.

    Raises ConfigurationError for an address off loopback without `QGJOB_ACCESS=none`, for a `database_url` that is
    neither `sqlite:///path` nor `postgresql://…`, for a port that is none, and for a theta out of bounds.
    """
    if port not in range(65536):
        raise ConfigurationError(f"{port} is no port. Give one from 1 to 65535, or 0 for a free one.")
    folder = data_dir or default_data_dir(environ)
    return Settings(
        host=host,
        port=port,
        data_dir=folder,
        database=_database(database_url, folder),
        access=_access(host, opted_out=_opted_out(environ)),
        allow_fake=_allow_fake(environ),
        keep=keep or _keep(environ),
        theta=_theta(environ) if theta is None else _checked_theta(theta, said="--theta"),
    )


def read_app_settings(environ: Mapping[str, str] = os.environ) -> AppSettings:
    """Draw the settings of `app:app` from QGJOB_DATA_DIR and its like in the environment; empty is as not set.

    Raises ConfigurationError for values that are none.
    """
    named = environ.get("QGJOB_DATA_DIR")
    folder = Path(named) if named else default_data_dir(environ)
    return AppSettings(
        data_dir=folder,
        database=_database(environ.get("QGJOB_DATABASE_URL") or None, folder),
        access=Access.NONE if _opted_out(environ) else Access.LOOPBACK,
        allow_fake=_allow_fake(environ),
        keep=_keep(environ),
        theta=_theta(environ),
    )


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return where a server keeps its data when nobody says: `$XDG_DATA_HOME/qgjob` or `~/.local/share/qgjob`."""
    home = environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "qgjob"


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether `host` is this machine and no other can be: a name or an address, also of IPv4 inside IPv6."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_loopback


def _access(host: str, *, opted_out: bool) -> Access:
    if is_loopback(host):
        return Access.LOOPBACK
    if opted_out:
        return Access.NONE
    raise ConfigurationError(
        f"Listening on {host} would open this farm to everybody who can reach it: there is no access control yet. "
        "Use --host 127.0.0.1, or set QGJOB_ACCESS=none if the network itself keeps strangers out."
    )


def _opted_out(environ: Mapping[str, str]) -> bool:
    asked = environ.get("QGJOB_ACCESS", "")
    if asked not in {"", Access.NONE}:
        raise ConfigurationError(f"QGJOB_ACCESS={asked} is unknown; its one value is `none`: no access control at all.")
    return asked == Access.NONE


def _database(url: str | None, data_dir: Path) -> Path | str:
    if url is None:
        return data_dir / "qgjob.db"
    if url.startswith(POSTGRES_PREFIXES):
        return _checked(url)
    path = url.removeprefix(SQLITE_PREFIX)
    if path == url or not path:
        raise ConfigurationError(
            f"--database-url {url!r} is unknown. Give postgresql://user@host/name, sqlite:///relative or "
            "sqlite:////absolute."
        )
    return Path(path)


def _checked(url: str) -> str:
    """Return the URL when it is one; the sentence that refuses it does not repeat it, as it may hold a password."""
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415  # its driver costs a start that has no use for it

    try:
        conninfo.conninfo_to_dict(url)
    except ProgrammingError:
        raise ConfigurationError(
            "The PostgreSQL address of --database-url cannot be read: give one like postgresql://user@host:5432/name."
        ) from None
    return url


def _theta(environ: Mapping[str, str]) -> float:
    text = environ.get("QGJOB_THETA")
    if not text:
        return SHIPPED.theta
    try:
        theta = float(text)
    except ValueError:
        theta = math.nan
    return _checked_theta(theta, said=f"QGJOB_THETA={text}")


def _checked_theta(theta: float, *, said: str) -> float:
    if LEAST_THETA <= theta <= MOST_THETA:
        return theta
    raise ConfigurationError(
        f"{said} is no number from {LEAST_THETA:g} to {MOST_THETA:g}: 1 has jobs done soonest, "
        "3 has apps installed least often."
    )


def _allow_fake(environ: Mapping[str, str]) -> bool:
    return environ.get("QGJOB_ALLOW_FAKE") == "1"


def _keep(environ: Mapping[str, str]) -> Keep:
    return read_keep(jobs=environ.get("QGJOB_KEEP"), evidence=environ.get("QGJOB_KEEP_EVIDENCE"))
