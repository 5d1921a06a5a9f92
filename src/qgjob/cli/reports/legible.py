"""Text from tests made fit for a report: bounded, without colours and without characters that XML forbids."""

from __future__ import annotations

import re

MOST_NAME = 1000
MOST_LINE = 300
MOST_TEXT = 8000
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_CUT = "…"


def legible(text: str, most: int = MOST_TEXT) -> str:
    """Return it with at most so many characters; those that no XML document may hold are `�`."""
    plain = _ILLEGAL.sub("\ufffd", _COLOURS.sub("", text)).replace("\r\n", "\n")
    return plain if len(plain) <= most else plain[: most - 1] + _CUT


def one_line(text: str, most: int = MOST_NAME) -> str:
    """Return it as one line; blanks of any kind are single spaces."""
    return legible(" ".join(text.split()), most)


def first_line(text: str) -> str:
    """Return its first line that says anything, for a list."""
    return one_line(next((line for line in _COLOURS.sub("", text).splitlines() if line.strip()), ""), MOST_LINE)
