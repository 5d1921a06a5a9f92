"""What a group of verbs has yet to write: sums, counters, facts, signs of life.

Every transaction wants these few rows. They are written at the end of a group, once each however many verbs touched
them, and under one lock that is held until the commit ("the turn"). So no two transactions ever wait for each other
over them, whoever has its turn reads sums that are exact, and facts are numbered in the order of their commits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from qgjob.store.dialect import Connection, Least, Row, SumMissing, Value
from qgjob.store.statements import parameters_of

_Key = tuple[tuple[str, str], ...]
_Sum = tuple[str, _Key, str]
"""A statement, the key of the row that it adds to, and the sum there."""
Written = Mapping[str, Value]
"""What a statement takes."""


class LastWords:
    """Rows by statement and key: of several for one key the last counts."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[object, Written]] = {}

    def __bool__(self) -> bool:
        return bool(self.rows)

    def put(self, name: str, key: object, row: Written) -> None:
        """Keep a row in place of the last one of its key."""
        self.rows.setdefault(name, {})[key] = row

    def merge(self, others: "LastWords") -> None:
        """Take over the rows of others, which are the later ones."""
        for name, by_key in others.rows.items():
            self.rows.setdefault(name, {}).update(by_key)

    def write(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Write all rows, which are put off no more."""
        rows, self.rows = self.rows, {}
        for name, by_key in rows.items():
            connection.write_rows(statements[name], list(by_key.values()))


class Turn:
    """What a deed may do that is done under the turn: read what nobody else changes now, and write."""

    def __init__(self, books: "Books", connection: Connection, statements: Mapping[str, str]) -> None:
        self._books = books
        self._connection = connection
        self._statements = statements

    def rows_each(self, name: str, parameters: Sequence[Mapping[str, Value]], /) -> list[list[Row]]:
        """Run a statement that answers for each of `parameters`."""
        return self.rows_together(*((name, each) for each in parameters))

    def rows_together(self, *questions: tuple[str, Written]) -> list[list[Row]]:
        """Run statements none of which waits for the answer of another; fetch all they answer."""
        return self._connection.rows_together([(self._statements[name], each) for name, each in questions])

    def send_rows(self, name: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Send a statement for many rows, of which no two speak of one row of the table."""
        if rows:
            self._connection.write_rows(self._statements[name], rows)

    def add(self, name: str, key: Mapping[str, str], /, **deltas: int) -> None:
        """Add to sums, as `Transaction.add` does."""
        self._books.add(name, key, deltas)


Deed = Callable[[Turn, Sequence[object]], None]


class Books:
    """Deeds with what they are done for, bookings and sums, which verbs read, and notes and facts, which none does."""

    def __init__(self) -> None:
        self.deeds: dict[Deed, list[object]] = {}
        self.bookings = LastWords()
        self.sums: defaultdict[_Sum, int] = defaultdict(int)
        self.notes = LastWords()
        self.facts: list[Written] = []
        self._begun: set[str] = set()

    def begin(self, deed: str) -> bool:
        """Note a deed that one verb does for its whole group; False when one has begun it already."""
        first = deed not in self._begun
        self._begun.add(deed)
        return first

    def __bool__(self) -> bool:
        return bool(self.deeds or self.bookings or self.sums or self.notes or self.facts)

    def defer(self, deed: Deed, item: object) -> None:
        """Put off a deed, which is done once for all that it was put off for, in that order."""
        self.deeds.setdefault(deed, []).append(item)

    def add(self, name: str, key: Mapping[str, str], deltas: Mapping[str, int]) -> None:
        """Put off adding to sums; those of the statement that are not named stay as they are."""
        row = tuple(key.items())
        for column, delta in deltas.items():
            self.sums[name, row, column] += delta

    def leave_bookings(self, others: "Books") -> None:
        """Leave to others, behind what is there, what is deferred, booked and added here."""
        for deed, items in self.deeds.items():
            others.deeds.setdefault(deed, []).extend(items)
        others.bookings.merge(self.bookings)
        for each, delta in self.sums.items():
            others.sums[each] += delta
        self.deeds, self.bookings, self.sums = {}, LastWords(), defaultdict(int)

    def leave_notes(self, others: "Books") -> None:
        """Leave to others, behind what is there, what is noted here."""
        others.notes.merge(self.notes)
        others.facts.extend(self.facts)
        self.notes, self.facts = LastWords(), []

    def settle(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Take the turn, do the deeds and write the sums and bookings that are put off, if there is anything at all.

        Raises SumMissing, now or with the next question, when another transaction has removed what is added to.
        """
        if not self:
            return
        connection.take_turn()
        taken = self._taken()
        for deed, items in taken.deeds.items():
            deed(Turn(taken, connection, statements), items)
        for name, changed in _rows_of(taken.sums, statements):
            missing = SumMissing(f"{name}: a row of sums was removed meanwhile")
            connection.write_rows(statements[name], changed, least=Least(rows=len(changed), otherwise=missing))
        taken.bookings.write(connection, statements)

    def _taken(self) -> "Books":
        """Take out what verbs read; whatever fails now, it is put off no more."""
        taken = Books()
        taken.deeds, self.deeds = self.deeds, taken.deeds
        taken.bookings, self.bookings = self.bookings, taken.bookings
        taken.sums, self.sums = self.sums, taken.sums
        return taken

    def settle_all(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Settle, and write notes and facts as well; whatever fails, nothing is put off any more."""
        notes, self.notes = self.notes, LastWords()
        facts, self.facts = self.facts, []
        if notes or facts:
            connection.take_turn()
        self.settle(connection, statements)
        notes.write(connection, statements)
        if facts:
            connection.write_rows(statements["insert_fact"], facts)


def _rows_of(sums: Mapping[_Sum, int], statements: Mapping[str, str]) -> Iterator[tuple[str, list[Written]]]:
    """Gather sums into rows, by statement; rows are written in the order of their keys, by everybody."""
    rows: dict[str, dict[_Key, dict[str, Value]]] = {}
    for (name, key, column), delta in sums.items():
        row = rows.setdefault(name, {}).setdefault(
            key, {**dict.fromkeys(parameters_of(statements[name]), 0), **dict(key)}
        )
        row[column] = delta
    for name, by_key in rows.items():
        yield name, [by_key[key] for key in sorted(by_key)]
