"""What a group of verbs has yet to write: sums, counters, facts, signs of life.

Every transaction wants these few rows. They are written at the end of a group, once each however many verbs touched
them, and under one lock that is held until the commit ("the turn"). So no two transactions ever wait for each other
over them, whoever has its turn reads sums that are exact, and facts are numbered in the order of their commits.
"""

from collections.abc import Mapping

from qgjob.store.dialect import Connection, Least, SumMissing, Value
from qgjob.store.statements import parameters_of

_Key = tuple[tuple[str, str], ...]
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


class Books:
    """Bookings and sums, which verbs read, and notes and facts, which none does."""

    def __init__(self) -> None:
        self.bookings = LastWords()
        self.sums: dict[str, dict[_Key, dict[str, int]]] = {}
        self.notes = LastWords()
        self.facts: list[Written] = []
        self._begun: set[str] = set()

    def begin(self, deed: str) -> bool:
        """Note a deed that one verb does for its whole group; False when one has begun it already."""
        first = deed not in self._begun
        self._begun.add(deed)
        return first

    def __bool__(self) -> bool:
        return bool(self.bookings or self.sums or self.notes or self.facts)

    def add(self, name: str, key: Mapping[str, str], deltas: Mapping[str, int]) -> None:
        """Put off adding to sums; those of the statement that are not named stay as they are."""
        by_key, known = self.sums.setdefault(name, {}), tuple(key.items())
        sums = by_key.get(known)
        if sums is None:
            by_key[known] = dict(deltas)
            return
        for column, delta in deltas.items():
            sums[column] = sums.get(column, 0) + delta

    def leave_bookings(self, others: "Books") -> None:
        """Leave to others, behind what is there, what is booked and added here."""
        others.bookings.merge(self.bookings)
        for name, by_key in self.sums.items():
            for key, deltas in by_key.items():
                others.add(name, dict(key), deltas)
        self.bookings, self.sums = LastWords(), {}

    def leave_notes(self, others: "Books") -> None:
        """Leave to others, behind what is there, what is noted here."""
        others.notes.merge(self.notes)
        others.facts.extend(self.facts)
        self.notes, self.facts = LastWords(), []

    def settle(self, connection: Connection, statements: Mapping[str, str]) -> None:
        """Take the turn and write the bookings and sums that are put off, if there is anything at all.

        Raises SumMissing, now or with the next question, when another transaction has removed what is added to.
        """
        if not self:
            return
        connection.take_turn()
        sums, self.sums = self.sums, {}
        bookings, self.bookings = self.bookings, LastWords()
        for name, by_key in sums.items():
            unnamed = dict.fromkeys(parameters_of(statements[name]), 0)
            changed: list[Written] = [{**unnamed, **dict(key), **deltas} for key, deltas in sorted(by_key.items())]
            missing = SumMissing(f"{name}: a row of sums was removed meanwhile")
            connection.write_rows(statements[name], changed, least=Least(rows=len(changed), otherwise=missing))
        bookings.write(connection, statements)

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
