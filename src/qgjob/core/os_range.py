"""Ranges of OS versions: what a job may ask for, and which versions are in it."""

import re
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 100

Version = tuple[int, ...]
"""Numbers without the zeros at their end, so that 14 and 14.0 are one version."""

_NUMBER = r"\d{1,9}(?:\.\d{1,9}){0,3}"
_BOUND = re.compile(rf"\s*(?P<sign>>=|<=|>|<|)\s*(?P<number>{_NUMBER})\s*", re.ASCII)
_SAID = re.compile(rf"\s*(?P<number>{_NUMBER})", re.ASCII)
_FORMS = "write a version such as 14 or 14.2, or bounds such as >=13,<15"


@dataclass(frozen=True, kw_only=True)
class OsRange:
    """The versions from `low` on that are below `below`; `below` None: all of them."""

    low: Version
    below: Version | None

    def has(self, os_version: str) -> bool:
        """Whether a device that says this of itself is in the range; one that says no number is in none."""
        version = _said(os_version)
        return version is not None and self.low <= version and (self.below is None or version < self.below)

    def __str__(self) -> str:
        """Write the range so that equal ranges are equal texts, and `os_range` reads it back."""
        if self.low and self.below == _after(self.low):
            return _written(self.low)
        bounds = [f">={_written(self.low)}"] if self.low or self.below is None else []
        return ",".join(bounds if self.below is None else [*bounds, f"<{_written(self.below)}"])


def os_range(text: str) -> OsRange:
    """Read a range: bounds with commas between them. Raises ValueError with what is wrong, as said of a field.

    A bound is compared at the precision in which it is written: 14 means 14 and 14.1, <=14 lets 14.1 in, >14 does not.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"has more than {MOST_CHARACTERS} characters: {_FORMS}")
    low: Version = ()
    below: Version | None = None
    for part in text.split(","):
        bound = _BOUND.fullmatch(part)
        if bound is None:
            raise ValueError(f"{part.strip()!r} is no OS version and no bound of one: {_FORMS}")
        numbers = _numbers(bound["number"])
        at, after, sign = _without_zeros(numbers), _without_zeros(_after(numbers)), bound["sign"]
        if sign in {">=", ""}:
            low = max(low, at)
        if sign == ">":
            low = max(low, after)
        if sign in {"<", "<=", ""}:
            end = at if sign == "<" else after
            below = end if below is None else min(below, end)
    if below is not None and low >= below:
        raise ValueError(f"no OS version is in {text!r}: its bounds leave nothing between them")
    return OsRange(low=low, below=below)


@lru_cache(maxsize=1000)
def _said(os_version: str) -> Version | None:
    """Read what a device says; devices are many and versions few."""
    said = _SAID.match(os_version)
    return None if said is None else _without_zeros(_numbers(said["number"]))


def _numbers(text: str) -> Version:
    return tuple(int(number) for number in text.split("."))


def _after(version: Version) -> Version:
    """Name the first version behind all that begin with this one."""
    return (*version[:-1], version[-1] + 1)


def _without_zeros(version: Version) -> Version:
    while version and version[-1] == 0:
        version = version[:-1]
    return version


def _written(version: Version) -> str:
    return ".".join(str(number) for number in version or (0,))
