"""Kinds of values that only a command line has: KEY=VALUE, a priority, a range of versions, a time as 20m from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from qgjob.core.os_range import os_range
from qgjob.core.words import Priority

_BY_NUMBER = {
    "1": Priority.LOW,
    "2": Priority.LOW,
    "3": Priority.NORMAL,
    "4": Priority.HIGH,
    "5": Priority.URGENT,
}


class PriorityType(click.ParamType[Priority]):
    """A priority: its word, or a number from 1 (low) to 5 (urgent)."""

    name = "priority"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name the words; the numbers are for scripts that are there already."""
        del param, ctx
        return f"[{'|'.join(Priority)}|1..5]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Priority:
        """Take a word in any case, or a number."""
        text = str(value).lower()
        try:
            return _BY_NUMBER.get(text) or Priority(text)
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(Priority)} and no number from 1 to 5", param, ctx)


class PairType(click.ParamType[tuple[str, str]]):
    """`KEY=VALUE`; the value may be empty and may hold further equals signs."""

    name = "KEY=VALUE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Split at the first equals sign."""
        key, sign, rest = str(value).partition("=")
        if not key or not sign:
            self.fail(f"{value!r} is not of the form KEY=VALUE", param, ctx)
        return key, rest


class RangeType(click.ParamType[str]):
    """A range of OS versions, as it is sent; one that is none is found before anything is."""

    name = "range"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take what reads as a range."""
        text = str(value)
        try:
            os_range(text)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return text


_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_FROM_NOW = re.compile(r"(?P<count>[1-9][0-9]{0,5})(?P<unit>[smhd])")


class DeadlineType(click.ParamType[float | datetime]):
    """A time to come: `20m` from now, as seconds, or ISO 8601; without an offset it is this machine's time."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | datetime:
        """Take either; the server refuses what is over, and reckons from its own clock what is from now."""
        if isinstance(value, float | datetime):
            return value
        text = str(value)
        if from_now := _FROM_NOW.fullmatch(text):
            return (int(from_now["count"]) * _UNITS[from_now["unit"]]).total_seconds()
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither a length of time as 90s, 20m, 2h, 1d nor an ISO 8601 time", param, ctx)


class MomentType(click.ParamType[datetime]):
    """The same as a moment: what is from now is reckoned from this machine's clock."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Take either; the server refuses what is over."""
        when = DeadlineType().convert(value, param, ctx)
        return when if isinstance(when, datetime) else datetime.now(UTC) + timedelta(seconds=when)
