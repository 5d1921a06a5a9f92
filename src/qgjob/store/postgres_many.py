"""A statement for one row, put so that it does the same for many: its parameters are arrays, each row takes its part.

The rows must not speak of one row of the table: a statement changes a row once.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from qgjob.store.binding import picker
from qgjob.store.dialect import Parameters
from qgjob.store.statements import PARAMETER, parameters_of

_VALUES = re.compile(r"(?P<head>INSERT .*)VALUES \((?P<values>[^()]*)\)(?P<tail>.*)", re.DOTALL)
_WHERE = re.compile(r"(?P<head>(?P<verb>UPDATE|DELETE) .*\S)\s+(?P<tail>WHERE .*)", re.DOTALL)
_JOINED_BY = {"UPDATE": "FROM", "DELETE": "USING"}


def for_many(sql: str, types: Sequence[str]) -> str | None:
    """Put a statement for many rows; `types` are those of its parameters, whose names become arrays.

    None: only `INSERT … VALUES`, and `UPDATE …` or `DELETE …` whose last `WHERE` is its own, can be put so.
    """
    names = parameters_of(sql)
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(names, types, strict=True))
    each = f"unnest({arrays}) AS each ({', '.join(f'_{name}' for name in names)})"
    with_parts = PARAMETER.sub(r"each._\g<name>", sql)
    if put := _VALUES.fullmatch(with_parts):
        return f"{put['head']}SELECT {put['values']} FROM {each}{put['tail']}"  # noqa: S608  # our own text, with its parameters as they were
    put = _WHERE.fullmatch(with_parts)
    if put is None or put["tail"].count("(") != put["tail"].count(")"):
        return None
    return f"{put['head']}\n{_JOINED_BY[put['verb']]} {each}\n{put['tail']}"


def as_arrays(sql: str, rows: Sequence[Parameters]) -> Parameters:
    """Put the parameters of many rows for what `for_many` makes of a statement."""
    draw = picker(sql)
    columns: Iterable[Sequence[Any]] = zip(*map(draw, rows), strict=True)
    return dict(zip(parameters_of(sql), map(list, columns), strict=True))
