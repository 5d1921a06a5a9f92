"""Which cases of a test path a job picks: those at a line of a file (`file:line`), those whose titles a grep finds."""

import re
from collections.abc import Callable

from qgjob.core.places import Place

MOST_LINE = 1_000_000
PICKS_SINCE = 3
"""The first agent protocol whose agents know of lines and greps."""

_WITH_LINE = re.compile(r"(?s)(.*[^/]):([1-9][0-9]{0,6})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def place_named(test_path: str, *, is_there: Callable[[str], bool]) -> Place:
    """Say where a test path leads; line 0: to all of it. What is there by its whole name is meant, line or not."""
    found = None if is_there(test_path) else _WITH_LINE.fullmatch(test_path)
    if found is None or int(found[2]) > MOST_LINE:
        return Place(file=test_path, line=0)
    return Place(file=found[1], line=int(found[2]))


def names_line(test_path: str) -> bool:
    """Whether a test path ends as one with a line does, as far as that can be told without the project."""
    return place_named(test_path, is_there=lambda _: False).line > 0


def problem_of_grep(grep: str) -> str | None:
    """Say what is wrong with a grep; None when nothing is that can be told without Playwright."""
    if not grep.strip():
        return "picks nothing: give a part of the title, or leave it out"
    if _CONTROL.search(grep):
        return "must not contain control characters such as line ends"
    return None


def can_pick(*, test_path: str, grep: str | None, protocol: int) -> bool:
    """Whether a worker runs what such a job picks and no more. `protocol` 1: a worker that speaks for itself.

    Agents before `PICKS_SINCE` run all that a grep leaves out, and find no file that is called as a line is. Workers of
    protocol 1 have always been given lines, and hand them to Playwright.
    """
    if protocol >= PICKS_SINCE:
        return True
    return grep is None and (protocol == 1 or not names_line(test_path))
