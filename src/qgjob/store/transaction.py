"""A transaction as a verb sees it: named statements, one `now`, and what to tell the world after the commit."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from qgjob.core.facts import Fact
from qgjob.store.clock import to_micros
from qgjob.store.dialect import Connection, Row
from qgjob.store.dialect import Value as StoredValue
from qgjob.store.topics import FACTS

Value = StoredValue | datetime | timedelta


class Transaction:
    """Runs named statements. Never leaves the thread and the verb that it was given to.

    `now` is the one time of this transaction; it never goes backwards from one transaction to the next. `topics` are
    those touched so far.
    """

    def __init__(self, connection: Connection, statements: Mapping[str, str], now: datetime) -> None:
        self.now = now
        self.topics: set[str] = set()
        self._connection = connection
        self._statements = statements

    def rows(self, name: str, /, **parameters: Value) -> list[Row]:
        """Fetch all that the statement `name` answers."""
        return self._connection.rows(self._statements[name], _stored(parameters))

    def row(self, name: str, /, **parameters: Value) -> Row | None:
        """Fetch the only row of an answer, or None. Raises ValueError when there are more: a mistake of ours."""
        rows = self.rows(name, **parameters)
        if len(rows) > 1:
            raise ValueError(f"The statement {name} answered with {len(rows)} rows where one was meant.")
        return rows[0] if rows else None

    def only(self, name: str, /, **parameters: Value) -> Row:
        """Fetch the row of a statement that always answers with one. Raises ValueError when it does not."""
        row = self.row(name, **parameters)
        if row is None:
            raise ValueError(f"The statement {name} answered with nothing where one row was meant.")
        return row

    def execute(self, name: str, /, **parameters: Value) -> int:
        """Run a statement that answers nothing; how many rows it changed."""
        return self._connection.execute(self._statements[name], _stored(parameters))

    def execute_many(self, name: str, parameters: Iterable[Mapping[str, Value]], /) -> None:
        """Run a statement once for each of `parameters`, much faster than one by one."""
        self._connection.execute_many(self._statements[name], (_stored(each) for each in parameters))

    def touch(self, topic: str) -> None:
        """Wake whoever waits for `topic` (see `store.topics`) once this is committed."""
        self.topics.add(topic)

    def record(self, fact: Fact) -> None:
        """Write down that something happened, in this same transaction, and touch FACTS."""
        self.execute(
            "insert_fact",
            at=self.now,
            kind=fact.kind,
            org_id=fact.org_id,
            run_id=fact.run_id,
            job_id=fact.job_id,
            worker_id=fact.worker_id,
            data=json.dumps(fact.data),
        )
        self.touch(FACTS)


def _stored(parameters: Mapping[str, Value]) -> dict[str, StoredValue]:
    return {
        name: to_micros(value) if isinstance(value, datetime | timedelta) else value
        for name, value in parameters.items()
    }
