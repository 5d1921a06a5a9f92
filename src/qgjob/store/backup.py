"""Consistent copies of a SQLite file while others read and write it, durable before they bear their name.

PostgreSQL brings tools of its own for this (`pg_dump`, base backups); nothing here imitates them.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from qgjob.core.errors import ConfigurationError, Conflict, InfrastructureError, Unavailable

_PAGES_AT_ONCE = 2000
_ROOM_LEFT = 16 * 1024 * 1024
"""Bytes that must stay free beside a copy: a server does not live on a disk without any."""
_PARTIAL = ".partial"

Progress = Callable[[int, int], None]
"""Told how many bytes are copied, and of how many."""


def back_up(source: sqlite3.Connection, target: Path, *, on_progress: Progress | None = None) -> None:
    """Copy what `source` is committed to now into a new file `target`; writers are not held up.

    `source` is in autocommit. Raises Conflict when there is a `target` already, ConfigurationError when there is no
    folder for it, Unavailable when there is no room, InfrastructureError when the copy does not read back whole. What
    was copied by then is removed.
    """
    if target.exists():
        raise Conflict(f"{target} exists already and was left as it is: name another file.")
    if not target.parent.is_dir():
        raise ConfigurationError(f"There is no folder {target.parent} to keep a copy in: make it first.")
    _refuse_without_room(source, target)
    partial = target.with_name(target.name + _PARTIAL)
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
        _copy(source, partial, on_progress)
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise Unavailable(f"The database could not be copied to {target} ({error}): nothing was kept of it.") from error
    finally:
        partial.unlink(missing_ok=True)


def back_up_file(path: Path, target: Path) -> int:
    """Copy the database at `path`, whoever owns it; how many bytes the copy has. Raises what `back_up` raises."""
    with closing(read_only(path)) as raw:
        back_up(raw, target)
    return target.stat().st_size


def read_only(path: Path) -> sqlite3.Connection:
    """Open a connection in autocommit that cannot write. Raises ConfigurationError when there is no such database."""
    if not path.is_file():
        raise ConfigurationError(f"There is no database {path}: name another with --database-url or --data-dir.")
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA query_only = ON")
    return raw


def damage(path: Path) -> list[str]:
    """Read every page of the database at `path`: SQLite's own words for what is wrong, at most a hundred of them."""
    with closing(read_only(path)) as raw:
        said = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(100)")]
    return [] if said == ["ok"] else said


def size_bytes(raw: sqlite3.Connection) -> int:
    """Tell how large the database is, with what is in its log and not yet in its file."""
    pages: int = raw.execute("PRAGMA page_count").fetchone()[0]
    page_bytes: int = raw.execute("PRAGMA page_size").fetchone()[0]
    return pages * page_bytes


def _refuse_without_room(source: sqlite3.Connection, target: Path) -> None:
    needed = size_bytes(source) + _ROOM_LEFT
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise Unavailable(
            f"A copy of the database needs {_megabytes(needed)} MB beside it, and {target.parent} has "
            f"{_megabytes(free)} MB free: free some space, then try again."
        )


def _copy(source: sqlite3.Connection, target: Path, on_progress: Progress | None) -> None:
    """Copy page by page within one snapshot, so that no writer makes it begin again, and read the copy back."""
    page_bytes: int = source.execute("PRAGMA page_size").fetchone()[0]

    def told(_status: int, remaining: int, total: int) -> None:
        if on_progress is not None:
            on_progress((total - remaining) * page_bytes, total * page_bytes)

    source.execute("BEGIN")
    try:
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # the snapshot begins with the first reading
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=_PAGES_AT_ONCE, progress=told, sleep=0)
            found = str(copy.execute("PRAGMA quick_check(1)").fetchone()[0])
    finally:
        source.execute("ROLLBACK")
    if found != "ok":
        raise InfrastructureError(f"The copy {target} cannot be read whole ({found}): check the disk.")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)
