"""One group of verbs as one transaction: all of them are committed, or it is known why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from qgjob.core.errors import QgjobError, Unavailable
from qgjob.store.books import Books
from qgjob.store.clock import Clock, SteadyClock
from qgjob.store.dialect import Connection, Dialect, OutcomeUnknown, SumMissing
from qgjob.store.transaction import Transaction

Answer = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A verb in a group. `run` runs it, perhaps more than once, and says how to answer once that is committed."""

    run: Callable[[Transaction], Answer]
    fail: Callable[[Exception], None]


@dataclass(frozen=True, kw_only=True)
class Committed:
    """What to call now, in the order of the verbs, and what their group touched."""

    answers: Sequence[Answer]
    topics: frozenset[str]


class Undone(Exception):
    """Nothing of the group was stored. `passes`: it may well be if it is run again. `told`: for its callers."""

    def __init__(self, told: Unavailable, *, passes: bool) -> None:
        super().__init__(told.message)
        self.told = told
        self.passes = passes


class _Spoilt(Exception):
    """Something failed after it had written: all must be run again without what it wrote."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class GroupCommit:
    """Runs groups over one connection.

    Most verbs refuse before they write anything, so a group is first run without savepoints: those cost as much as the
    verbs. When one fails with something written, the group is rolled back and run again with a savepoint for each.
    """

    def __init__(
        self, dialect: Dialect, connection: Connection, statements: Mapping[str, str], clock: Clock | None
    ) -> None:
        self._dialect = dialect
        self._connection = connection
        self._statements = statements
        self._clock = SteadyClock(clock or connection.now)

    def run(self, tasks: Sequence[Task]) -> Committed:
        """Run and commit a group. Raises Undone."""
        try:
            return self._attempt(tasks, self._run_verb)
        except _Spoilt:
            pass
        try:
            return self._attempt(tasks, self._run_verb_apart)
        except _Spoilt as spoilt:
            raise Undone(self._told(spoilt.cause), passes=False) from spoilt.cause

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _attempt(
        self, tasks: Sequence[Task], run_verb: Callable[[Task, datetime, Books, set[str]], Answer]
    ) -> Committed:
        books, touched = Books(), set[str]()
        try:
            self._connection.begin()
            now = self._clock()
            answers = [run_verb(task, now, books, touched) for task in tasks]
            if books:
                books.settle_all(self._connection, self._statements)
            self._connection.commit(frozenset(touched))
        except _Spoilt:
            self._connection.rollback()
            raise
        except OutcomeUnknown as error:
            self._connection.rollback()
            raise Undone(_lost(str(error), error), passes=False) from error
        except Exception as error:
            self._connection.rollback()
            passes = self._passes(error)
            if not passes and self._dialect.outage(error) is None:
                raise _Spoilt(error) from error  # what one of them booked cannot be written: find out which
            raise Undone(self._told(error), passes=passes) from error
        return Committed(answers=answers, topics=frozenset(touched))

    def _run_verb(self, task: Task, now: datetime, books: Books, touched: set[str]) -> Answer:
        transaction = Transaction(self._connection, self._statements, now, books)
        try:
            answer = task.run(transaction)
            transaction.finish()
        except QgjobError as error:
            if transaction.wrote:
                raise _Spoilt(error) from error
            return partial(task.fail, error)
        touched |= transaction.topics
        return answer

    def _run_verb_apart(self, task: Task, now: datetime, books: Books, touched: set[str]) -> Answer:
        """Run a verb and settle it in a savepoint of its own, so that an error of its own undoes it alone.

        Raises that error where the whole transaction is lost with it: a full disk can do that, and a lost connection.
        """
        transaction = Transaction(self._connection, self._statements, now, books)
        self._connection.execute("SAVEPOINT verb", {})
        try:
            answer = task.run(transaction)
            transaction.settle_all()
            self._connection.catch_up()
        except Exception as error:  # belongs to whoever waits for this verb
            if self._passes(error):
                raise
            self._connection.forget()
            try:
                self._connection.execute("ROLLBACK TO SAVEPOINT verb", {})
            except Exception:  # noqa: BLE001  # says only that there is no savepoint any more
                raise error from None
            answer = partial(task.fail, self._told(error) if self._dialect.outage(error) else error)
        else:
            touched |= transaction.topics
        self._connection.execute("RELEASE SAVEPOINT verb", {})
        return answer

    def _passes(self, error: Exception) -> bool:
        return isinstance(error, SumMissing) or self._dialect.passes(error)

    def _told(self, error: Exception) -> Unavailable:
        sentence = self._dialect.outage(error) or f"The database refused the transaction ({error}); nothing was stored."
        return _lost(sentence, error)


def _lost(sentence: str, error: Exception) -> Unavailable:
    unavailable = Unavailable(sentence)
    unavailable.__cause__ = error
    return unavailable
