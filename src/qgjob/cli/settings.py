"""What a command needs to know before it does anything: which server, as whom, in what form to answer.

A flag wins over the environment, the environment over the config file, the file over the default.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SERVER_URL = "http://localhost:5000"
DEFAULT_TIMEOUT_S = 30.0
MOST_TIMEOUT_S = 3600.0


class OutputForm(StrEnum):
    """In what form results are written to stdout."""

    TABLE = "table"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What the command line itself said; `server_url` None: nothing."""

    server_url: str | None = None
    output: OutputForm = OutputForm.TABLE
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settled settings. `timeout_s` is for one request; org and app version are None where nobody named one."""

    server_url: str
    timeout_s: float
    token: str | None
    org: str | None
    app_version_id: str | None
    output: OutputForm
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class _Said:
    """A value as text, and where it was said: an error names the place to change."""

    value: str
    source: str


_VARIABLES = {
    "server_url": "QGJOB_SERVER_URL",
    "timeout": "QGJOB_TIMEOUT",
    "token": "QGJOB_TOKEN",
    "org": "QGJOB_ORG",
    "app_version_id": "QGJOB_APP_VERSION",
}
"""The settings of the config file, and the variables that win over them."""


def settle(flags: Flags, environment: Mapping[str, str]) -> Settings:
    """Settle every setting; ConfigurationError names the source and the value that is not usable."""
    said = _from_file(environment) | _from_environment(environment)
    if flags.server_url is not None:
        said["server_url"] = _Said(value=flags.server_url, source="--server-url")
    token, org, version = said.get("token"), said.get("org"), said.get("app_version_id")
    return Settings(
        server_url=_server_url(said.get("server_url")),
        timeout_s=_timeout_s(said.get("timeout")),
        token=token.value if token else None,
        org=org.value if org else None,
        app_version_id=version.value if version else None,
        output=flags.output,
        quiet=flags.quiet,
    )


def config_path(environment: Mapping[str, str]) -> Path:
    """Name the config file: `QGJOB_CONFIG`, else `qgjob/config.toml` in the user's configuration folder."""
    named = environment.get("QGJOB_CONFIG")
    if named:
        return Path(named)
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "qgjob" / "config.toml"


def _from_environment(environment: Mapping[str, str]) -> dict[str, _Said]:
    return {
        name: _Said(value=environment[variable], source=variable)
        for name, variable in _VARIABLES.items()
        if environment.get(variable)
    }


def _from_file(environment: Mapping[str, str]) -> dict[str, _Said]:
    path = config_path(environment)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if environment.get("QGJOB_CONFIG"):
            raise ConfigurationError(f"QGJOB_CONFIG names {path}, and there is no such file") from None
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"cannot read the config file {path}: {error}") from error
    unknown = sorted(set(table) - set(_VARIABLES))
    if unknown:
        raise ConfigurationError(f"{path}: no setting {', '.join(unknown)}; there are {', '.join(_VARIABLES)}")
    return {name: _Said(value=str(value), source=f"{path}: {name}") for name, value in table.items()}


def _server_url(said: _Said | None) -> str:
    if said is None:
        return DEFAULT_SERVER_URL
    try:
        parts = urlsplit(said.value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            f"{said.source}: {said.value!r} is no server address; write it like {DEFAULT_SERVER_URL}"
        )
    return said.value.rstrip("/")


def _timeout_s(said: _Said | None) -> float:
    if said is None:
        return DEFAULT_TIMEOUT_S
    try:
        seconds = float(said.value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_TIMEOUT_S:
        raise ConfigurationError(
            f"{said.source}: {said.value!r} is no timeout; write seconds, above 0 and up to {MOST_TIMEOUT_S:g}"
        )
    return seconds
