"""The PostgreSQL dialect: one database, any number of replicas, each with two connections that write."""

from collections.abc import Callable
from secrets import token_hex

import psycopg
from psycopg import errors

from qgjob.core.errors import ConfigurationError
from qgjob.store.dialect import Connection, Ear
from qgjob.store.migrations import Migrated, migrate_postgres
from qgjob.store.postgres_connection import DECIDE, READ, VISIT, WRITE, PostgresConnection, connect
from qgjob.store.postgres_ear import PostgresEar

OLDEST = 140000
"""Version 14."""
_IN_THE_WAY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
_GONE = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
    errors.FeatureNotSupported,  # "cached plan must not change result type": a newer replica has migrated
)
_FULL = (errors.DiskFull, errors.TooManyConnections, errors.OutOfMemory, errors.InsufficientResources)


class PostgresDialect:
    """A `store.dialect.Dialect` for the database at `url` (a libpq connection string, `postgresql://…`)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._replica = token_hex(8)

    def own(self) -> None:
        """Own nothing: replicas share the database."""

    def disown(self) -> None:
        """Give up nothing."""

    def migrate(self) -> Migrated | None:
        """Bring the database to the newest schema. Raises ConfigurationError for one that this program cannot use."""
        with connect(self._url) as raw:
            if raw.info.server_version < OLDEST:
                version = raw.info.server_version // 10000
                raise ConfigurationError(f"{self._said()} is PostgreSQL {version}: 14 or newer is needed.")
            return migrate_postgres(raw, database=self._said())

    def writer(self) -> Connection:
        """Open a connection for verbs that write."""
        return PostgresConnection(self._url, begin=WRITE, replica=self._replica)

    def decider(self) -> Connection:
        """Open a connection for verbs that decide by sums."""
        return PostgresConnection(self._url, begin=DECIDE, replica=self._replica)

    def reader(self) -> Connection:
        """Open a connection that sees one snapshot per transaction and cannot write."""
        return PostgresConnection(self._url, begin=READ, replica=self._replica)

    def visitor(self) -> Connection:
        """Open a reader's connection without limits of time. While it reads, PostgreSQL keeps what it sees."""
        return PostgresConnection(self._url, begin=VISIT, replica=self._replica)

    def listen(self, announce: Callable[[frozenset[str]], None]) -> Ear:
        """Hear what other replicas touch."""
        return PostgresEar(self._url, announce, replica=self._replica)

    def outage(self, error: Exception) -> str | None:
        """Say what is wrong with the server or the way there."""
        if isinstance(error, _FULL):
            return (
                f"The database cannot take more now ({error.diag.message_primary}), so nothing was stored: try later."
            )
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return f"The database {self._said()} is read-only here, so nothing was stored: give the primary's address."
        if self._lost(error):
            return f"The database {self._said()} does not answer, so nothing was stored: try again when it is back."
        if isinstance(error, _IN_THE_WAY):
            return "The database was too busy for this, so nothing was stored: try again."
        return None

    def passes(self, error: Exception) -> bool:
        """Whether another transaction was in the way, or the server was lost and may come back."""
        return isinstance(error, _IN_THE_WAY) or self._lost(error)

    def _lost(self, error: Exception) -> bool:
        if isinstance(error, _GONE):
            return True
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and error.sqlstate is None

    def _said(self) -> str:
        """Name the database without its password."""
        known = psycopg.conninfo.conninfo_to_dict(self._url)
        return f"{known.get('dbname', 'postgres')} at {known.get('host', 'localhost')}"
