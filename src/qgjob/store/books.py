"""What a group of verbs has yet to write: sums, counters, facts, signs of life.

Every transaction wants these few rows. They are written at the end of a group, once each however many verbs touched
them, and under one lock that is held until the commit ("the turn"). So no two transactions ever wait for each other
over them, whoever has its turn reads sums that are exact, and facts are numbered in the order of their commits.
"""

from collections.abc import Callable, Mapping, Sequence

from qgjob.store.dialect import Connection, Row, SumMissing, Value
from qgjob.store.statements import parameters_of

_Key = tuple[tuple[str, str], ...]


class Turn:
    """What a deed may do that is done under the turn: read what nobody else changes now, and write."""

    def __init__(self, books: "Books", connection: Connection, statements: Mapping[str, str]) -> None:
        self._books = books
        self._connection = connection
        self._statements = statements

    def rows_each(self, name: str, parameters: Sequence[Mapping[str, Value]], /) -> list[list[Row]]:
        """Run a statement that answers for each of `parameters`."""
        return self._connection.rows_each(self._statements[name], parameters)

    def execute_many(self, name: str, parameters: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each of `parameters`."""
        if parameters:
            self._connection.execute_many(self._statements[name], parameters)

    def add(self, name: str, key: Mapping[str, str], /, **deltas: int) -> None:
        """Add to sums, as `Transaction.add` does."""
        self._books.add(name, key, deltas)


Deed = Callable[[Turn, Sequence[object]], None]


class Books:
    """Deeds with what they are done for, bookings by statement, sums by statement and key, and notes by statement.

    Notes are what no verb reads.
    """

    def __init__(self) -> None:
        self.deeds: dict[Deed, list[object]] = {}
        self.notes: dict[str, list[Mapping[str, Value]]] = {}
        self.bookings: dict[str, list[Mapping[str, Value]]] = {}
        self.sums: dict[str, dict[_Key, dict[str, int]]] = {}
        self._begun: set[str] = set()

    def begin(self, deed: str) -> bool:
        """Note a deed that one verb does for its whole group; False when one has begun it already."""
        first = deed not in self._begun
        self._begun.add(deed)
        return first

    def __bool__(self) -> bool:
        return bool(self.deeds or self.bookings or self.sums or self.notes)

    def defer(self, deed: Deed, item: object) -> None:
        """Put off a deed, which is done once for all that it was put off for, in that order."""
        self.deeds.setdefault(deed, []).append(item)

    def note(self, name: str, parameters: Sequence[Mapping[str, Value]]) -> None:
        """Put off writes until the commit, however often the others are settled before."""
        self.notes.setdefault(name, []).extend(parameters)

    def book(self, name: str, parameters: Mapping[str, Value]) -> None:
        """Put off a write. Those of one statement keep their order."""
        self.bookings.setdefault(name, []).append(parameters)

    def add(self, name: str, key: Mapping[str, str], deltas: Mapping[str, int]) -> None:
        """Put off adding to sums; those of the statement that are not named stay as they are."""
        by_key, known = self.sums.setdefault(name, {}), tuple(key.items())
        sums = by_key.get(known)
        if sums is None:
            by_key[known] = dict(deltas)
            return
        for column, delta in deltas.items():
            sums[column] = sums.get(column, 0) + delta

    def merge(self, others: "Books") -> None:
        """Take over what a verb has put off, behind what is here."""
        for deed, items in others.deeds.items():
            self.deeds.setdefault(deed, []).extend(items)
        for name, bookings in others.bookings.items():
            self.bookings.setdefault(name, []).extend(bookings)
        for name, by_key in others.sums.items():
            for key, deltas in by_key.items():
                self.add(name, dict(key), deltas)

    def settle(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Take the turn, do the deeds and write the sums and bookings that are put off, if there is anything at all.

        Raises SumMissing when another transaction has removed what is added to, since the verb saw it.
        """
        if not self:
            return
        connection.take_turn()
        deeds, self.deeds = self.deeds, {}
        for deed, items in deeds.items():
            deed(Turn(self, connection, statements), items)
        bookings, self.bookings = self.bookings, {}
        sums, self.sums = self.sums, {}
        for name, by_key in sums.items():
            unnamed = dict.fromkeys(parameters_of(statements[name]), 0)
            changed: list[Mapping[str, Value]] = [
                {**unnamed, **dict(key), **deltas} for key, deltas in sorted(by_key.items())
            ]
            if connection.execute_many(statements[name], changed) < len(changed):
                raise SumMissing(f"{name}: a row of sums was removed meanwhile")
        for name, parameters in bookings.items():
            connection.execute_many(statements[name], parameters)

    def settle_all(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Settle, and write the notes as well; when that fails nothing is put off any more. Raises SumMissing."""
        notes, self.notes = self.notes, {}
        if notes:
            connection.take_turn()
        self.settle(connection, statements)
        for name, parameters in notes.items():
            connection.execute_many(statements[name], parameters)
