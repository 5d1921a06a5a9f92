"""One expression for Playwright's `--grep` from a pattern and tags, as Playwright itself reads such expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError
from qgjob.core.picking import problem_of_grep

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 2000
"""Of what a job carries."""
_SLASHED = re.compile(r"/(?P<pattern>.*)/(?P<flags>[gi]*)", re.DOTALL)


def joined_grep(pattern: str | None, tags: Sequence[str]) -> str | None:
    """Write what picks a test that the pattern picks and that has one of the tags; None: every test.

    Playwright tests it against project, file, titles and tags, with a space between each, in any case; so do both of
    its halves here. Raises ConfigurationError when it is longer than a job may carry.
    """
    grep = _joined(pattern, tags)
    if grep is not None and len(grep) > MOST_CHARACTERS:
        raise ConfigurationError(
            f"--grep and --tag come to an expression of {len(grep):,} characters, and a job carries "
            f"{MOST_CHARACTERS:,} at most: name fewer"
        )
    problem = None if not grep else problem_of_grep(grep)
    if problem is not None:
        raise ConfigurationError(f"--grep {grep!r} {problem}")
    return grep or None


def _joined(pattern: str | None, tags: Sequence[str]) -> str | None:
    if not tags:
        return pattern
    names = "|".join(re.escape(tag.removeprefix("@")) for tag in tags)
    tagged = rf"(?:^|\s)@(?:{names})(?!\S)"
    if not pattern:
        return tagged
    return rf"^(?=[\s\S]*(?:{_bare(pattern)}))(?=[\s\S]*{tagged})"


def _bare(pattern: str) -> str:
    """Take off the slashes of `/pattern/i`; without its `i` it would mind the case, which the joined one cannot."""
    slashed = _SLASHED.fullmatch(pattern)
    if slashed is None:
        return pattern
    if "i" not in slashed["flags"]:
        raise ConfigurationError(
            f"--grep {pattern} minds upper and lower case, and together with --tag it cannot: write it without "
            "slashes, or put the tag into it"
        )
    return slashed["pattern"]
