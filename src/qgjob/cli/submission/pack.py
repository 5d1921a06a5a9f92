"""Packs a project into a bundle: a zip whose bytes depend on nothing but the names and contents of its files.

Files are stored, not compressed: what deflate makes of the same bytes differs between builds of zlib, and the bundle's
hash is its id on every machine.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from qgjob.core.bundle import MOST_FILES
from qgjob.core.errors import ConfigurationError, TooLarge
from qgjob.core.words import Sha256

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

MOST_BYTES = 256 * 1024 * 1024
_SHOWN = 5
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can name."""
_MODE = 0o100644
_UNIX = 3


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A packed project. `files` are the names inside, sorted."""

    path: Path
    sha256: Sha256
    size_bytes: int
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Member:
    name: str
    source: Path
    size_bytes: int


def pack(root: Path, names: Collection[str], *, to: Path) -> Bundle:
    """Write the bundle of these files of a project to `to`.

    Raises ConfigurationError for a symbolic link that leaves the project and for a name that no zip can carry, TooLarge
    above the bounds, with the largest files named.
    """
    members = [_member(root, name) for name in sorted(names)]
    _refuse_too_much(members)
    with ZipFile(to, "w", ZIP_STORED) as archive:
        for member in members:
            _add(archive, member)
    with to.open("rb") as packed:
        digest = hashlib.file_digest(packed, "sha256").hexdigest()
    return Bundle(
        path=to,
        sha256=Sha256(digest),
        size_bytes=to.stat().st_size,
        files=tuple(member.name for member in members),
    )


def _member(root: Path, name: str) -> _Member:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigurationError(f"the name of {name!r} is not UTF-8 and fits in no bundle: rename the file") from None
    source = root / name
    if source.is_symlink():
        source = _target(root, name)
    return _Member(name=name, source=source, size_bytes=source.stat().st_size)


def _target(root: Path, name: str) -> Path:
    """Follow a link to a file of the project itself; any other means something else where it is unpacked."""
    target = (root / name).resolve()
    if target.is_relative_to(root) and target.is_file():
        return target
    raise ConfigurationError(
        f"{name} is a symbolic link to {(root / name).readlink()}, which is no file inside the project: "
        "replace it by the file itself, or have git ignore it"
    )


def _refuse_too_much(members: Sequence[_Member]) -> None:
    total = sum(member.size_bytes for member in members)
    if len(members) <= MOST_FILES and total <= MOST_BYTES:
        return
    largest = sorted(members, key=lambda member: (-member.size_bytes, member.name))[:_SHOWN]
    named = ", ".join(f"{member.name} ({_mib(member.size_bytes)})" for member in largest)
    raise TooLarge(
        f"the project is too large for a bundle: {len(members):,} files of {_mib(total)} together, and a bundle holds "
        f"{MOST_FILES:,} files of {_mib(MOST_BYTES)}. The largest: {named}. Have git ignore what the tests do not need"
    )


def _add(archive: ZipFile, member: _Member) -> None:
    entry = ZipInfo(member.name, date_time=_EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    entry.file_size = member.size_bytes
    with member.source.open("rb") as source, archive.open(entry, "w") as packed:
        shutil.copyfileobj(source, packed)


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.1f} MiB"
