"""A transaction as a verb sees it: named statements, one `now`, what is written later, what to tell the world."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from pydantic_core import to_json  # a tenth of what the standard library takes, and facts are most of what is written

from qgjob.core.facts import Fact
from qgjob.store.books import Books, Deed, LastWords, Turn
from qgjob.store.clock import to_micros
from qgjob.store.dialect import Connection, Least, Row, RowMissing
from qgjob.store.dialect import Value as StoredValue
from qgjob.store.topics import FACTS

Value = StoredValue
Item = TypeVar("Item")


class Transaction:
    """Runs named statements. Never leaves the thread and the verb that it was given to.

    `now` is the one time of this transaction; it never goes backwards from one transaction to the next. `topics` are
    those touched so far. `wrote`: something was written that only a rollback takes back.

    Four ways to write. At once: `execute`, `execute_many`. Before the next question, or the commit, is answered:
    `send`, `send_rows` and `expect`. At the end of the verb, all of one statement together: `put` and `later`, for rows
    that the verb has locked or made. And at the end of the whole group of verbs that share a commit: `defer`, `book`,
    `add`, `note` and `record`, for rows that every transaction wants (see `store.books`).
    """

    def __init__(self, connection: Connection, statements: Mapping[str, str], now: datetime, books: Books) -> None:
        self.now = now
        self.topics: set[str] = set()
        self.wrote = False
        self._now_micros = to_micros(now)
        self._connection = connection
        self._statements = statements
        self._books = books
        self._own = Books()
        self._last_words = LastWords()
        self._later: dict[str, list[Mapping[str, Value]]] = {}

    def rows(self, name: str, /, **parameters: Value) -> list[Row]:
        """Fetch all that the statement `name` answers."""
        sql = self._statements[name]
        self._note(sql)
        return self._connection.rows(sql, parameters)

    def rows_each(self, name: str, parameters: Sequence[Mapping[str, Value]], /) -> list[list[Row]]:
        """Run a statement that answers for each of `parameters`, much faster than one by one."""
        return self.rows_together(*((name, each) for each in parameters))

    def rows_together(self, *questions: tuple[str, Mapping[str, Value]]) -> list[list[Row]]:
        """Run statements one after the other, none of which waits for the answer of another; fetch all they answer."""
        asked = [(self._statements[name], parameters) for name, parameters in questions]
        for sql, _ in asked:
            self._note(sql)
        return self._connection.rows_together(asked)

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
        self.wrote = True
        return self._connection.execute(self._statements[name], parameters)

    def execute_many(self, name: str, parameters: Sequence[Mapping[str, Value]], /) -> int:
        """Run a statement once for each of `parameters`, much faster than one by one; how many rows they changed."""
        if not parameters:
            return 0
        self.wrote = True
        return self._connection.execute_many(self._statements[name], parameters)

    def send(self, name: str, /, **parameters: Value) -> None:
        """Run a statement that answers nothing and that nobody waits for: its error may come with the next question."""
        self.wrote = True
        self._connection.write_each(self._statements[name], [parameters])

    def send_rows(self, name: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Send a statement for many rows, of which no two speak of one row of the table."""
        if rows:
            self.wrote = True
            self._connection.write_rows(self._statements[name], rows)

    def expect(self, rows: int, name: str, otherwise: str, /, **parameters: Value) -> None:
        """Send a statement that must change so many rows, which only a mistake of ours can prevent."""
        self.wrote = True
        least = Least(rows=rows, otherwise=RowMissing(otherwise))
        self._connection.write_rows(self._statements[name], [parameters], least=least)

    def later(self, name: str, /, **parameters: Value) -> None:
        """Write at the end of the verb, statements in the order in which they were first named."""
        self._later.setdefault(name, []).append(parameters)

    def put(self, name: str, key: object, row: Mapping[str, Any], /) -> None:
        """Write a row at the end of the verb, as it is then and before what comes `later`.

        Of several for one key the last counts. `row` may hold more than the statement takes.
        """
        self._last_words.put(name, key, row)

    def book(self, name: str, key: object, /, **parameters: Value) -> None:
        """Write at the end of the group; of several for one key the last counts. What reads it settles first."""
        self._own.bookings.put(name, key, parameters)

    def add(self, name: str, key: Mapping[str, str], /, **deltas: int) -> None:
        """Add to sums at the end of the group, once for each statement and key however many verbs add to them.

        The statement takes the parts of `key`, and a difference for each of its sums.
        """
        self._own.add(name, key, deltas)

    def defer(self, deed: Callable[[Turn, Sequence[Item]], None], item: Item) -> None:
        """Do something at the end of the group that must read what it changes, once for all the items of its verbs.

        It sees the sums and bookings that were settled before, and not those of its own group.
        """
        self._own.defer(cast("Deed", deed), item)  # it is only ever given items that came with it

    def note(self, name: str, key: object, /, **parameters: Value) -> None:
        """Write at the end of the group what no verb reads: settling passes it over. As `book` otherwise."""
        self._own.notes.put(name, key, parameters)

    def settle(self) -> None:
        """Write what was put off and can be read, of this verb and of those before it."""
        self._leave_bookings()
        if self._books:
            self.wrote = True
        self._books.settle(self._connection, self._statements)

    def settle_all(self) -> None:
        """End the verb and write everything that was put off, as the commit does."""
        self.finish()
        self.wrote = True
        self._books.settle_all(self._connection, self._statements)

    def flush(self) -> None:
        """Write what the verb has put off until its own end, so that it can be read from here on."""
        if not self._last_words and not self._later:
            return
        self.wrote = True
        self._last_words.write(self._connection, self._statements)
        later, self._later = self._later, {}
        for name, parameters in later.items():
            self._connection.write_each(self._statements[name], parameters)

    def finish(self) -> None:
        """End the verb: write what it put off, and leave to its group what it booked and noted."""
        self._leave_bookings()
        self._own.leave_notes(self._books)

    def _leave_bookings(self) -> None:
        self.flush()
        self._own.leave_bookings(self._books)

    def first(self, deed: str) -> bool:
        """Whether this is the first verb of its group to ask: what depends on `now` alone is done once for all."""
        return self._books.begin(deed)

    def touch(self, topic: str) -> None:
        """Wake whoever waits for `topic` (see `store.topics`) once this is committed."""
        self.topics.add(topic)

    def record(self, fact: Fact) -> None:
        """Write down that something happened, in this same transaction, and touch FACTS."""
        self._own.facts.append(
            {
                "at": self._now_micros,
                "kind": fact.kind,
                "org_id": fact.org_id,
                "run_id": fact.run_id,
                "job_id": fact.job_id,
                "worker_id": fact.worker_id,
                "data": to_json(fact.data).decode(),
            }
        )
        self.touch(FACTS)

    def _note(self, sql: str) -> None:
        """Note a statement that answers and writes as well, or that locks."""
        if not sql.startswith("SELECT"):
            self.wrote = True
