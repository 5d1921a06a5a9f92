"""One connection to PostgreSQL: made when it is needed, made again after it was lost."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import monotonic, sleep

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from qgjob.store.clock import from_micros
from qgjob.store.dialect import Least, OutcomeUnknown, Parameters, Row
from qgjob.store.postgres_many import as_arrays
from qgjob.store.postgres_statements import PostgresStatements

TURN = 7_140_001
"""The advisory lock that is the turn."""
CHANNEL = "qgjob"
SETTINGS = """
SET synchronous_commit = on; SET TimeZone = 'UTC'; SET jit = off;
SET idle_in_transaction_session_timeout = '5s'; SET statement_timeout = '120s';
SET client_connection_check_interval = '2s';
SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
"""
"""A replica that stops or is cut off in mid-transaction loses it after 5 s: nobody waits longer for its locks.

Every statement is meant to go through an index, in its order: see docs/decisions/0023.
"""

_MICROS = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS micros"
WRITE = f"BEGIN; {_MICROS}"
DECIDE = f"BEGIN; SELECT pg_advisory_xact_lock({TURN}); SET LOCAL lock_timeout = '100ms'; {_MICROS}"
"""Whoever has its turn first must not wait for rows of somebody who waits for the turn."""
READ = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_MICROS}"
UNHURRIED = "; ".join(
    f"SET LOCAL {setting}"
    for setting in (
        "statement_timeout = 0",
        "idle_in_transaction_session_timeout = 0",
        "enable_seqscan = on",
        "enable_bitmapscan = on",
        "enable_hashjoin = on",
        "enable_mergejoin = on",
    )
)
"""For who goes through whole tables, and takes as long as it takes."""
VISIT = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {UNHURRIED}; {_MICROS}"

_TAKE_TURN = f"SELECT pg_advisory_xact_lock({TURN})"
_ASK_XID = "SELECT pg_current_xact_id_if_assigned()::text AS xid"
_ASK_WHETHER_OVER = "SELECT pg_xact_status(CAST(:xid AS xid8)) AS status"
"""An error says that the number was never given out, as far as the server knows: so it is over."""
_ASK_MARK = "SELECT mark FROM commit_marks WHERE writer = :writer"
"""A crash and a failover let the server give out the numbers of lost transactions anew: how one ended says nothing."""

_CONNECT_WITHIN_S = 3
_ASK_OUTCOME_WITHIN_S = 10.0
_PAUSE_S = 0.1


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A statement that is kept for the next trip, to be run for each of `rows`."""

    sql: str
    rows: Sequence[Parameters]
    least: Least | None = None


class PostgresConnection:
    """A `store.dialect.Connection`. `replica` is named in what it tells other replicas."""

    def __init__(self, url: str, *, begin: str, replica: str) -> None:
        self._url = url
        self._begin = begin
        self._replica = replica
        self._raw: psycopg.Connection | None = None
        self._statements: PostgresStatements | None = None
        self._began_at: datetime | None = None
        self._xid: str | None = None
        self._has_turn = False
        self._kept: list[_Kept] = []
        self._writer = secrets.token_hex(8)
        self._mark = 0

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        """Run a statement and fetch its whole answer."""
        (answer,) = self._ask([(sql, parameters)])
        return self._here().rows_of(sql, answer)

    def rows_together(self, questions: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        """Send all the questions at once, then read the answers."""
        answers = self._ask(questions)
        return [self._here().rows_of(sql, answer) for (sql, _), answer in zip(questions, answers, strict=True)]

    def execute(self, sql: str, parameters: Parameters) -> int:
        """Run a statement; how many rows it changed."""
        return self.execute_many(sql, [parameters])

    def execute_many(self, sql: str, parameters: Sequence[Parameters]) -> int:
        """Send a statement for each of `parameters` at once; how many rows they changed together."""
        return sum(answer.command_tuples or 0 for answer in self._ask([(sql, each) for each in parameters]))

    def write_each(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Keep statements for the next trip."""
        self._kept.append(_Kept(sql=sql, rows=rows))

    def write_rows(self, sql: str, rows: Sequence[Parameters], *, least: Least | None = None) -> None:
        """Keep statements for the next trip, one for all the rows where that can be done."""
        put = self._here().for_many(sql) if len(rows) > 1 else None
        kept = (
            _Kept(sql=sql, rows=rows, least=least)
            if put is None
            else _Kept(sql=put, rows=[as_arrays(sql, rows)], least=least)
        )
        self._kept.append(kept)

    def catch_up(self) -> None:
        """Send what is kept, and wait."""
        self._ask([])

    def forget(self) -> None:
        """Keep nothing; a turn that was taken since a savepoint is lost when that is rolled back to."""
        self._kept = []
        self._has_turn = False

    def begin(self) -> None:
        """Begin, connecting first where there is no connection. One trip: it brings back the database's time."""
        if self._raw is None or self._raw.closed:
            self._connect()
        self._xid = None
        self.forget()
        (answer,) = self._here().rows_of(self._begin, self._here().run_text(self._begin))
        self._began_at = from_micros(answer["micros"])

    def now(self) -> datetime:
        """Tell when the transaction began, by the clock of the database."""
        assert self._began_at is not None  # noqa: S101  # asked only after begin
        return self._began_at

    def take_turn(self) -> None:
        """Wait for the turn on the next trip, unless this transaction has had it before."""
        if not self._has_turn:
            self._has_turn = True
            self._kept.append(_Kept(sql=_TAKE_TURN, rows=[{}]))

    def commit(self, topics: frozenset[str] = frozenset()) -> None:
        """Commit. When the connection is lost over it, another one is asked what became of the transaction."""
        if self._begin in {READ, VISIT}:
            self.catch_up()
        else:
            self._xid = self.rows(_ASK_XID, {})[0]["xid"]
        telling = f"SELECT pg_notify('{CHANNEL}', '{' '.join([self._replica, *sorted(topics)])}'); " if topics else ""
        try:
            self._here().run_text(f"{self._marking()}{telling}COMMIT")
        except psycopg.OperationalError:
            if self._xid is not None and self._was_committed(self._xid):
                return
            raise

    def rollback(self) -> None:
        """Undo; a connection that is not idle afterwards is given up."""
        self.forget()
        if self._raw is None:
            return
        with suppress(psycopg.Error):
            if self._raw.info.transaction_status is not TransactionStatus.IDLE:
                self._raw.execute("ROLLBACK")
        if self._raw.closed or self._raw.info.transaction_status is not TransactionStatus.IDLE:
            self.close()

    def close(self) -> None:
        """Close."""
        if self._raw is not None:
            with suppress(psycopg.Error):
                self._raw.close()
        self._raw = self._statements = None

    def _here(self) -> PostgresStatements:
        if self._statements is None:
            raise psycopg.OperationalError("the connection was lost")
        return self._statements

    def _ask(self, questions: Sequence[tuple[str, Parameters]]) -> list[PGresult]:
        """Send what is kept and then the questions, all on one trip; the answers to the questions."""
        kept, self._kept = self._kept, []
        sent = [(each.sql, row) for each in kept for row in each.rows]
        answers = iter(self._here().run_together([*sent, *questions]))
        for each in kept:
            changed = sum(answer.command_tuples or 0 for answer in islice(answers, len(each.rows)))
            if each.least is not None and changed < each.least.rows:
                raise each.least.otherwise
        return list(answers)

    def _connect(self) -> None:
        self.close()
        self._raw = connect(self._url)
        self._statements = PostgresStatements(self._raw)

    def _marking(self) -> str:
        """Say in the transaction itself, where it writes anything, which commit of this writer it is."""
        if self._xid is None:
            return ""
        self._mark += 1
        return (
            f"INSERT INTO commit_marks (writer, mark) VALUES ('{self._writer}', {self._mark}) "  # noqa: S608  # both ours
            f"ON CONFLICT (writer) DO UPDATE SET mark = {self._mark}; "
        )

    def _was_committed(self, xid: str) -> bool:
        """Ask what became of the last transaction. Raises OutcomeUnknown when nobody answers in time."""
        give_up_at = monotonic() + _ASK_OUTCOME_WITHIN_S
        while monotonic() < give_up_at:
            with suppress(psycopg.Error):
                self._connect()
                if self._is_over(xid):
                    return [{"mark": self._mark}] == self.rows(_ASK_MARK, {"writer": self._writer})
            sleep(_PAUSE_S)
        raise OutcomeUnknown(
            "The database was lost while it committed and has not come back, so it is not known whether this was "
            "stored: send it again with the same Idempotency-Key."
        )

    def _is_over(self, xid: str) -> bool:
        try:
            return bool(self.rows(_ASK_WHETHER_OVER, {"xid": xid})[0]["status"] != "in progress")
        except psycopg.errors.InvalidParameterValue:
            return True


def connect(url: str) -> psycopg.Connection:
    """Open a connection in autocommit, set up as the store needs it; after a failover, to the server that may write."""
    raw = psycopg.connect(
        url,
        autocommit=True,
        prepare_threshold=None,  # after a rollback psycopg would throw away what it prepared, and ours with it
        connect_timeout=_CONNECT_WITHIN_S,
        application_name="qgjob",
        target_session_attrs="read-write",
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        tcp_user_timeout=10_000,
    )
    raw.execute(SETTINGS)
    return raw
