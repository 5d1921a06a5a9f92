"""A transaction as a verb sees it: named statements, one `now`, and what to tell the world after the commit."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from qgjob.core.facts import Fact

Row = Mapping[str, Any]
"""One row, by column name. A database is an edge: `store.nouns` turns rows into typed values."""

Value = str | int | float | bytes | datetime | None


class Transaction:
    """Runs the named statements of `store/sql`. Never leaves the thread of the verb that it was given to.

    `now` is the one time of this transaction; it never goes backwards from one transaction to the next.
    """

    now: datetime

    def rows(self, name: str, /, **parameters: Value) -> list[Row]:
        """All rows that the statement `name` answers with."""
        raise NotImplementedError

    def row(self, name: str, /, **parameters: Value) -> Row | None:
        """The only row of the answer, or None. A statement that answers with more is a mistake of ours."""
        raise NotImplementedError

    def execute(self, name: str, /, **parameters: Value) -> int:
        """Run a statement that answers nothing; how many rows it changed."""
        raise NotImplementedError

    def execute_many(self, name: str, parameters: Iterable[Mapping[str, Value]], /) -> None:
        """Run a statement once for each of `parameters`, much faster than one by one."""
        raise NotImplementedError

    def touch(self, topic: str) -> None:
        """Wake whoever waits for `topic` (see `store.topics`) once this is committed."""
        raise NotImplementedError

    def record(self, fact: Fact) -> None:
        """Write down that something happened, in this same transaction, and touch FACTS."""
        raise NotImplementedError
