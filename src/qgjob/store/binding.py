"""Values on their way into a statement: in the order of its parameters, and as plain as databases keep them.

Every row of every commit comes through here, so most values are let through by one look at their type.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from operator import itemgetter

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
    if isinstance(value, datetime | timedelta):
        return to_micros(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    return listed(value)
