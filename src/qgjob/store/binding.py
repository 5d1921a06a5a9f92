"""Values on their way into a statement: in the order of its parameters, and as plain as databases keep them.

Every row of every commit comes through here, so most values are let through by one look at their type.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from qgjob.store.clock import to_micros
from qgjob.store.dialect import Parameters, Value
from qgjob.store.statements import parameters_of

PLAIN = frozenset({str, int, float, bytes, type(None)})
"""The types whose values every driver takes as they are; a subclass of one of them is another type."""


@cache
def picker(sql: str) -> Callable[[Parameters], Sequence[Value]]:
    """Say how to draw the values of a statement from parameters by name, in the order of `parameters_of`."""
    names = parameters_of(sql)
    if not names:
        return lambda _parameters: ()
    draw = itemgetter(*names)
    return draw if len(names) > 1 else lambda parameters: (draw(parameters),)


def plain(value: Value, *, listed: Callable[[Sequence[str] | Sequence[int]], object]) -> object:
    """Make a value plain that is not in `PLAIN`; `listed` says how the database takes lists."""
    kind = type(value)
    if kind not in _MAKERS:
        _MAKERS[kind] = _maker(kind)
    make_plain = _MAKERS[kind]
    return listed(value) if make_plain is None else make_plain(value)  # type: ignore[arg-type]  # else it is a list


_MAKERS: dict[type, Callable[[Any], object] | None] = {}
"""By type, as they come."""


def _maker(kind: type) -> Callable[[Any], object] | None:
    """Say how values of a type are made plain; None: they are lists."""
    if issubclass(kind, datetime | timedelta):
        return to_micros
    if issubclass(kind, str):  # a StrEnum, mostly: its own value is a detour
        return str.__str__
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, int):
        return int
    return (lambda value: value) if issubclass(kind, float | bytes) else None
