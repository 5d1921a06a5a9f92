"""Asks a database beside whoever serves from it: for operators who check, copy or look. It cannot write."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from qgjob.core.errors import ConfigurationError
from qgjob.store.backup import read_only
from qgjob.store.books import Books
from qgjob.store.dialect import Connection, Dialect
from qgjob.store.migrations import revisions
from qgjob.store.place import dialect_of, opening
from qgjob.store.statements import shipped
from qgjob.store.transaction import Transaction

T = TypeVar("T")


class Visitor:
    """Each question sees one snapshot and may take as long as it takes. `visiting` opens one."""

    def __init__(self, connection: Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements

    def ask(self, question: Callable[[Transaction], T]) -> T:
        """Answer a question."""
        self._connection.begin()
        try:
            return question(Transaction(self._connection, self._statements, self._connection.now(), Books()))
        finally:
            self._connection.rollback()


@contextmanager
def visiting(database: Path | str) -> Iterator[Visitor]:
    """Visit a database while the block lasts.

    Raises ConfigurationError when there is none or it has not the schema of this program, Unavailable when disk or
    server do not let us.
    """
    if isinstance(database, Path):
        read_only(database).close()  # says so when there is none
    dialect = dialect_of(database)
    with opening(database, dialect):
        connection = dialect.visitor()
        try:
            visitor = Visitor(connection, shipped())
            _refuse_other_schema(_schema(visitor, dialect))
            yield visitor
        finally:
            connection.close()


def _schema(visitor: Visitor, dialect: Dialect) -> str | None:
    """Read which revision a database has; None: it is none of ours."""
    try:
        row = visitor.ask(lambda tx: tx.row("schema_revision"))
    except Exception as error:
        if dialect.outage(error) is not None:
            raise
        return None  # there is no such table
    return None if row is None else str(row["version_num"])


def _refuse_other_schema(found: str | None) -> None:
    known = revisions()
    if found is None:
        raise ConfigurationError("This is no database of qgjob: nothing of it was touched.")
    if found not in known:
        raise ConfigurationError(
            f"The database was made by a newer qgjob (its schema is {found}, this program knows up to {known[-1]}): "
            "use that newer version."
        )
    if found != known[-1]:
        raise ConfigurationError(
            f"The database has the schema {found} of an older qgjob, this program works with {known[-1]}: run "
            "`qgjob db migrate` first, or start the server, which does the same."
        )
