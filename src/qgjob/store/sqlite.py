"""The SQLite dialect: one file, one owning process, WAL, every commit on disk before it is answered."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from qgjob.core.errors import ConfigurationError
from qgjob.store.dialect import Connection
from qgjob.store.migrations import Migrated, migrate
from qgjob.store.owner import OwnerLock
from qgjob.store.sqlite_connection import SqliteConnection

_BUSY_TIMEOUT_S = 5.0
_STATEMENTS_KEPT = 256
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)
_WRITERS_CACHE = "PRAGMA cache_size = -24576"
"""In KiB: the pages that a large farm works on all the time, ends of tables and indexes mostly."""
_ROW_CODES = {"SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_TOOBIG", "SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE"}
"""Errors of a statement, not of the file beneath it."""


class SqliteDialect:
    """A `store.dialect.Dialect` for the file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._owner = OwnerLock(path.with_name(path.name + ".owner"))

    def own(self) -> None:
        """Take the lock beside the file."""
        self._owner.take()

    def disown(self) -> None:
        """Release the lock."""
        self._owner.give_back()

    def migrate(self) -> Migrated | None:
        """Bring the file to the newest schema, in one transaction per step; a copy of before is kept."""
        raw = self._connect()
        try:
            return migrate(raw, path=self._path)
        finally:
            raw.close()

    def writer(self) -> Connection:
        """Open the connection of the one writer."""
        raw = self._connect()
        raw.execute(_WRITERS_CACHE)
        return SqliteConnection(raw, begin="BEGIN IMMEDIATE")

    def decider(self) -> None:
        """Open none: the one writer decides as well."""

    def reader(self) -> Connection:
        """Open a connection that sees one snapshot per transaction and cannot write."""
        raw = self._connect()
        raw.execute("PRAGMA query_only = ON")
        return SqliteConnection(raw, begin="BEGIN")

    def visitor(self) -> Connection:
        """Open what a reader has: nobody is held up by it, however long it reads."""
        return self.reader()

    def listen(self, announce: Callable[[frozenset[str]], None]) -> None:
        """Listen to nobody: a file has one owner."""

    def passes(self, error: Exception) -> bool:  # noqa: ARG002  # nobody else is there to be waited for
        """Nothing that goes wrong with a file goes away by itself."""
        return False

    def outage(self, error: Exception) -> str | None:
        """Say what is wrong with the file or its disk."""
        if not isinstance(error, sqlite3.Error):
            return None
        name = getattr(error, "sqlite_errorname", "SQLITE_MISUSE")
        if any(name == code or name.startswith(code + "_") for code in _ROW_CODES):
            return None
        if name == "SQLITE_FULL":
            return f"The disk under {self._path} is full, so nothing was stored: free some space and try again."
        return f"The database {self._path} cannot be used now ({error}, {name}), so nothing was stored: try again."

    def _connect(self) -> sqlite3.Connection:
        raw = sqlite3.connect(
            self._path,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,  # transactions begin and end where the store says
            check_same_thread=False,  # opened where errors can be raised, used by one thread
            cached_statements=_STATEMENTS_KEPT,
        )
        try:
            for setting in _SETTINGS:
                raw.execute(setting)
        except sqlite3.DatabaseError as error:
            raw.close()
            if error.sqlite_errorname == "SQLITE_NOTADB":
                raise ConfigurationError(
                    f"{self._path} is not a SQLite database: move it away, or choose another data folder."
                ) from error
            raise
        return raw
