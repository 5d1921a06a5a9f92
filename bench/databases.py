"""The databases of a benchmark: fresh ones for each measured program, and proof that none of them cheats the disk."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import psycopg

from bench.broke import BenchBroke
from local_postgres import LocalPostgres, a_postgres
from qgjob.store.sqlite import SqliteDialect

POSTGRES_SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
"""What everybody sets. The same for qgjob and for every engine; all else is as PostgreSQL comes."""
_SQLITE_FULL = 2
_FSYNCS = 20


class Kind(StrEnum):
    """Which database, as tables show it."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


class Databases:
    """Fresh databases by URL: SQLite files in `folder`, databases of one PostgreSQL server."""

    def __init__(self, server: LocalPostgres, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._made = 0

    def fresh(self, kind: Kind) -> str:
        """Make an empty database and return its URL."""
        if kind is Kind.POSTGRESQL:
            return self._server.create_database()
        self._made += 1
        folder = self._folder / f"sqlite-{self._made}"
        folder.mkdir()
        return f"sqlite:///{folder / 'qgjob.db'}"

    def drop(self, url: str) -> None:
        """Remove a database; what it held is in no later figure."""
        if url.startswith("sqlite:"):
            shutil.rmtree(path_of(url).parent)
        else:
            self._refuse_unlogged_tables(url)
            self._server.drop_database(url)

    def checkpoint(self) -> None:
        """Let PostgreSQL write down what it has gathered, so that the next program does not pay for the last."""
        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def set_up(self) -> Mapping[str, str]:
        """Read versions and durability back from both. Raises BenchBroke when a commit would not be on disk."""
        return {**self._of_sqlite(), **self._of_postgres(), "fsync of one page": f"{_fsync_ms(self._folder):.2f} ms"}

    def _of_sqlite(self) -> Mapping[str, str]:
        connection = SqliteDialect(self._folder / "set-up.db").writer()
        try:
            synchronous = connection.rows("PRAGMA synchronous", {})[0]["synchronous"]
            journal = connection.rows("PRAGMA journal_mode", {})[0]["journal_mode"]
            version = connection.rows("SELECT sqlite_version() AS version", {})[0]["version"]
        finally:
            connection.close()
        if synchronous != _SQLITE_FULL:
            raise BenchBroke(f"SQLite says synchronous = {synchronous}: only FULL ({_SQLITE_FULL}) is measured.")
        return {"SQLite": str(version), "SQLite journal_mode": str(journal), "SQLite synchronous": "FULL"}

    def _of_postgres(self) -> Mapping[str, str]:
        with psycopg.connect(self._server.url()) as connection:
            settings = {
                f"PostgreSQL {name}": str(connection.execute("SELECT current_setting(%s)", (name,)).fetchone()[0])  # type: ignore[index]  # always one row
                for name in ("fsync", "synchronous_commit", "full_page_writes", *POSTGRES_SETTINGS)
            }
        for name in ("fsync", "synchronous_commit"):
            if settings[f"PostgreSQL {name}"] != "on":
                raise BenchBroke(f"PostgreSQL says {name} = {settings[f'PostgreSQL {name}']}: only `on` is measured.")
        return {"PostgreSQL": self._server.installation.version, **settings}

    def _refuse_unlogged_tables(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence <> 'p' ORDER BY relname"
            ).fetchall()
        if rows:
            tables = ", ".join(str(row[0]) for row in rows)
            raise BenchBroke(f"Tables that a crash would empty were measured: {tables}.")


@contextmanager
def databases(folder: Path, *, say: Callable[[str], None]) -> Iterator[Databases]:
    """Serve PostgreSQL while the block lasts; SQLite files go into `folder`. Raises NoPostgres and DidNotStart."""
    with a_postgres(settings=POSTGRES_SETTINGS) as server:
        say(f"PostgreSQL {server.installation.version} listens on port {server.port}")
        yield Databases(server, folder)


def path_of(url: str) -> Path:
    """Where the file of a `sqlite:///` URL is."""
    return Path(url.removeprefix("sqlite:///"))


def _fsync_ms(folder: Path) -> float:
    """How long this disk takes for what every commit waits for."""
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(_FSYNCS):
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
        took_ms = (time.perf_counter() - began) * 1000 / _FSYNCS
    path.unlink()
    return took_ms
