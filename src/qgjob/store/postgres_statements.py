"""Statements of one PostgreSQL connection, by libpq's own calls: each prepared once, many of them sent together.

A cursor costs more than twice the time of a single statement, and eight times that of one among many.
"""

import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from qgjob.store.binding import PLAIN, picker, plain
from qgjob.store.dialect import Parameters, Row
from qgjob.store.postgres_many import for_many
from qgjob.store.statements import LIST, PARAMETER, parameters_of

_GOOD = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}

_TYPES = {20: "bigint", 25: "text", 701: "double precision"}
"""Of all that our tables have, by PostgreSQL's own numbers."""

_Sent = bytes | None


class PostgresStatements:
    """The statements of `raw`, which lives no longer than they do. For one thread, inside a transaction."""

    def __init__(self, raw: psycopg.Connection) -> None:
        self._wire: PGconn = raw.pgconn
        self._reader = Transformer(raw)
        self._names: dict[str, bytes] = {}
        self._columns: dict[str, list[str]] = {}
        self._for_many: dict[str, str | None] = {}

    def run(self, sql: str, parameters: Parameters) -> PGresult:
        """Run a statement and wait for its answer."""
        values = _sent(sql, parameters)
        return _good(self._wire.exec_prepared(self._name(sql), values))  # type: ignore[arg-type]  # takes None as well

    def run_text(self, text: str) -> PGresult:
        """Run statements as they are written, and wait for the answer of the last."""
        return _good(self._wire.exec_(text.encode()))

    def for_many(self, sql: str) -> str | None:
        """Say how a statement for one row is put for many, where that can be done (see `store.postgres_many`)."""
        if sql not in self._for_many:
            described = _good(self._wire.describe_prepared(self._name(sql)))
            types = [_TYPES[described.param_type(place)] for place in range(described.nparams)]
            self._for_many[sql] = for_many(sql, types)
        return self._for_many[sql]

    def run_together(self, statements: Sequence[tuple[str, Parameters]]) -> list[PGresult]:
        """Run statements in their order: all are sent, then all answers are waited for."""
        if len(statements) <= 1:
            return [self.run(*each) for each in statements]
        sent = [(self._name(sql), _sent(sql, parameters)) for sql, parameters in statements]
        self._wire.enter_pipeline_mode()
        try:
            for name, values in sent:
                self._wire.send_query_prepared(name, values)
            self._wire.pipeline_sync()
            answers = self._answers()
        finally:
            with suppress(psycopg.Error):  # of a connection that was lost; that has been said
                self._wire.exit_pipeline_mode()
        return [_good(answer) for answer in answers]

    def rows_of(self, sql: str, answer: PGresult) -> list[Row]:
        """Read the rows of an answer."""
        columns = self._columns.get(sql)
        if columns is None:
            columns = self._columns[sql] = [(answer.fname(place) or b"").decode() for place in range(answer.nfields)]
        self._reader.set_pgresult(answer)
        return self._reader.load_rows(0, answer.ntuples, _maker_of(tuple(columns)))

    def _name(self, sql: str) -> bytes:
        name = self._names.get(sql)
        if name is None:
            name = f"qgjob{len(self._names)}".encode()
            _good(self._wire.prepare(name, spoken(sql)))
            self._names[sql] = name
        return name

    def _answers(self) -> list[PGresult]:
        """Collect answers up to the end of what was sent; nothing is kept from being sent by what is not yet read."""
        ready = select.poll()
        answers: list[PGresult] = []
        while True:
            while self._wire.flush():
                ready.register(self._wire.socket, select.POLLIN | select.POLLOUT)
                if any(event & select.POLLIN for _, event in ready.poll()):
                    self._wire.consume_input()
            while self._wire.is_busy():
                ready.register(self._wire.socket, select.POLLIN)
                ready.poll()
                self._wire.consume_input()
            answer = self._wire.get_result()
            if answer is None:
                if self._wire.status == ConnStatus.BAD:
                    raise psycopg.OperationalError("the connection was lost")
            elif answer.status == ExecStatus.PIPELINE_SYNC:
                return answers
            else:
                answers.append(answer)


@cache
def spoken(sql: str) -> bytes:
    """Put a statement into PostgreSQL's words: numbered parameters, and a list as an array."""
    numbers = {name: f"${place}" for place, name in enumerate(parameters_of(sql), start=1)}
    return PARAMETER.sub(lambda match: numbers[match["name"]], LIST.sub(r"= ANY(\1)", sql)).encode()


def _good(answer: PGresult) -> PGresult:
    """Return an answer of success. Raises psycopg's error for any other."""
    if answer.status in _GOOD:
        return answer
    if answer.error_field(DiagnosticField.SQLSTATE) is None:
        raise psycopg.OperationalError(answer.error_message.decode(errors="replace") or "the connection was lost")
    raise error_from_result(answer)


def _sent(sql: str, parameters: Parameters) -> list[_Sent]:
    return [_written(value) for value in picker(sql)(parameters)]


def _written(value: Any) -> _Sent:
    """Write a value as PostgreSQL reads it; the statement says of what type it is."""
    if type(value) not in PLAIN:
        value = plain(value, listed=list)
    if value is None:
        return None
    if isinstance(value, str):
        return _text(value).encode()
    if isinstance(value, list):
        return _array(value).encode()
    return str(value).encode()


def _array(values: list[Any]) -> str:
    """Write an array, the whole of it at once where all is of one type: this is done for most of what is stored."""
    values = [value if type(value) in PLAIN else plain(value, listed=list) for value in values]
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {str}:
        if "\0" in "".join(values):
            raise _nul()
        return '{"' + _escaped("\0".join(values)).replace("\0", '","') + '"}'
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    return f'"{_escaped(_text(value))}"' if isinstance(value, str) else str(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _nul() -> psycopg.DataError:
    return psycopg.DataError("PostgreSQL text cannot contain NUL (0x00) bytes")


def _text(value: str) -> str:
    if "\0" in value:
        raise _nul()
    return value


@cache
def _maker_of(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Row]:
    return lambda values: dict(zip(columns, values, strict=True))
