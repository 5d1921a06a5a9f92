"""Where a database is: a SQLite file by its path, a PostgreSQL database by its URL. And what to say when it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from qgjob.core.errors import ConfigurationError, QgjobError, Unavailable
from qgjob.store.dialect import Dialect
from qgjob.store.migrations import Migrated
from qgjob.store.sqlite import SqliteDialect

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


def place_of(url: str) -> Path | str:
    """Read a database's URL: a path for SQLite, the URL itself for PostgreSQL. Raises ConfigurationError."""
    if url.startswith(_POSTGRES):
        return url
    path = url.removeprefix(_SQLITE)
    if path == url or not path:
        raise ConfigurationError(
            f"{url!r} is no database. Give sqlite:///relative, sqlite:////absolute or postgresql://user@host/name."
        )
    return Path(path)


def without_password(url: str) -> str:
    """Give a database's URL as it may be shown."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=user.partition(":")[0] + at + host).geturl()


def dialect_of(database: Path | str) -> Dialect:
    """Choose the dialect by the kind of place. Nothing is opened yet."""
    if isinstance(database, Path):
        return SqliteDialect(database)
    from qgjob.store.postgres import PostgresDialect  # noqa: PLC0415  # its driver costs a start that has no use for it

    return PostgresDialect(database)


def migrate(database: Path | str) -> Migrated | None:
    """Do to a database what opening a store does to it at first; None: its schema is the newest.

    Raises what `Store.open` raises.
    """
    dialect = dialect_of(database)
    with opening(database, dialect):
        if isinstance(database, Path):
            database.parent.mkdir(parents=True, exist_ok=True)
        dialect.own()
        try:
            return dialect.migrate()
        finally:
            dialect.disown()


@contextmanager
def opening(database: Path | str, dialect: Dialect) -> Iterator[None]:
    """Translate what can go wrong while a database is opened.

    Raises ConfigurationError where it lies where we may not go, Unavailable where disk or server do not let us.
    """
    try:
        yield
    except QgjobError:
        raise
    except OSError as error:
        raise ConfigurationError(f"The database {database} cannot be used: {error.strerror}.") from error
    except Exception as error:
        if sentence := dialect.outage(error):
            raise Unavailable(sentence) from error
        raise
