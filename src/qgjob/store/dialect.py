"""What differs from one database to another. Everything above this seam is the same text and the same code."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Row = Mapping[str, Any]
"""One row, by column name. A database is an edge: `store.nouns` turns rows into typed values."""

Value = str | int | float | bytes | None
"""What databases keep. Times and lengths of time are whole microseconds by then."""


class Connection(Protocol):
    """One connection, used by one thread at a time. SQL has parameters written `:name`."""

    def rows(self, sql: str, parameters: Mapping[str, Value]) -> list[Row]:
        """Run a statement and fetch its whole answer."""
        ...

    def execute(self, sql: str, parameters: Mapping[str, Value]) -> int:
        """Run a statement; how many rows it changed."""
        ...

    def execute_many(self, sql: str, parameters: Iterable[Mapping[str, Value]]) -> None:
        """Run a statement once for each of `parameters`."""
        ...

    def begin(self) -> None:
        """Begin a transaction: one that may write, or a snapshot where the connection is a reader's."""
        ...

    def commit(self) -> None:
        """Commit: when it returns, what was written outlives a crash of the machine."""
        ...

    def rollback(self) -> None:
        """Undo the transaction, if there still is one. Does not raise."""
        ...

    def close(self) -> None:
        """Close. Does not raise."""
        ...


class Dialect(Protocol):
    """One kind of database at one place."""

    def own(self) -> None:
        """Become the one owner, where the database can have only one. Raises Conflict when there is another."""
        ...

    def disown(self) -> None:
        """Give up ownership."""
        ...

    def migrate(self) -> None:
        """Make or migrate the schema. Raises ConfigurationError for a database that this program cannot use."""
        ...

    def writer(self) -> Connection:
        """Open a connection that may write."""
        ...

    def reader(self) -> Connection:
        """Open a connection that cannot write."""
        ...

    def outage(self, error: Exception) -> str | None:
        """Say in a sentence what is wrong with the database or its disk; None when `error` is not about that."""
        ...
