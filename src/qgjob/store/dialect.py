"""What differs from one database to another. Everything above this seam is the same text and the same code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from qgjob.store.migrations import Migrated

Row = Mapping[str, Any]
"""One row, by column name. A database is an edge: `store.nouns` turns rows into typed values."""

Value = str | int | float | bytes | datetime | timedelta | Sequence[str] | Sequence[int] | None
"""What statements take. Databases keep times and lengths of time as whole microseconds, and flags as 0 and 1."""

Parameters = Mapping[str, Value]


class OutcomeUnknown(Exception):
    """The connection was lost while it committed, and nobody can be asked whether it did."""


class SumMissing(Exception):
    """The row of sums that a verb adds to was removed by another transaction: run again, it makes it anew."""


class RowMissing(Exception):
    """A row is not there that a verb has locked, or made: a mistake of ours."""


@dataclass(frozen=True, kw_only=True)
class Least:
    """How many rows a statement must change, and what is raised when it changes fewer."""

    rows: int
    otherwise: Exception


class Connection(Protocol):
    """One connection, used by one thread at a time. SQL has parameters written `:name`, a list of them `IN :names`.

    `FOR NO KEY UPDATE` and `SKIP LOCKED` are written where several transactions may want a row at once; a database
    with one writer leaves them out.
    """

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Run a statement and fetch its whole answer."""
        ...

    def rows_together(self, questions: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        """Ask several questions, one after the other, without waiting in between."""
        ...

    def execute(self, sql: str, parameters: Parameters) -> int:
        """Run a statement; how many rows it changed."""
        ...

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> int:
        """Run a statement once for each of `parameters`; how many rows they changed together."""
        ...

    def write_each(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Run a statement once for each of `rows`, when the next answer is waited for at the latest.

        What goes wrong may be raised then. So it is with `write_rows`; both run in the order of the calls.
        """
        ...

    def write_rows(self, sql: str, rows: Sequence[Parameters], *, least: Least | None = None) -> None:
        """Do the same where no two of `rows` speak of one row of the table: all of them may be written together."""
        ...

    def catch_up(self) -> None:
        """Run what has not been run yet, and raise what goes wrong."""
        ...

    def forget(self) -> None:
        """Drop what has not been run yet."""
        ...

    def begin(self) -> None:
        """Begin a transaction: one that may write, or a snapshot where the connection is a reader's."""
        ...

    def now(self) -> datetime:
        """Tell the time of the transaction, by the clock that the database goes by."""
        ...

    def take_turn(self) -> None:
        """Wait until no other transaction has its turn, and have it until the end of this one.

        What is asked and written from here on comes after that.
        """
        ...

    def commit(self, topics: frozenset[str] = frozenset()) -> None:
        """Commit, and tell other replicas what was touched.

        When it returns, what was written outlives a crash of the machine. Raises OutcomeUnknown where nobody can tell.
        """
        ...

    def rollback(self) -> None:
        """Undo the transaction, if there still is one. Does not raise."""
        ...

    def close(self) -> None:
        """Close. Does not raise."""
        ...


class Ear(Protocol):
    """Listens to what other replicas commit."""

    def close(self) -> None:
        """Stop listening."""
        ...


class Dialect(Protocol):
    """One kind of database at one place."""

    def own(self) -> None:
        """Become the one owner, where the database can have only one. Raises Conflict when there is another."""
        ...

    def disown(self) -> None:
        """Give up ownership."""
        ...

    def migrate(self) -> Migrated | None:
        """Make or migrate the schema; None: it was the newest. Raises ConfigurationError for one we cannot use."""
        ...

    def writer(self) -> Connection:
        """Open a connection that may write."""
        ...

    def decider(self) -> Connection | None:
        """Open a connection whose transactions begin with their turn; None where every one of the writer's does."""
        ...

    def reader(self) -> Connection:
        """Open a connection that cannot write."""
        ...

    def visitor(self) -> Connection:
        """Open a connection that cannot write, for questions that take as long as they take."""
        ...

    def listen(self, announce: Callable[[frozenset[str]], None]) -> Ear | None:
        """Have `announce` called with what other replicas touch; None where there can be no others."""
        ...

    def outage(self, error: Exception) -> str | None:
        """Say in a sentence what is wrong with the database or its disk; None when `error` is not about that."""
        ...

    def passes(self, error: Exception) -> bool:
        """Whether the same transaction may succeed when it is run again: a lost connection, another one in the way."""
        ...
