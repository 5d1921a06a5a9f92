"""Finds the case that somebody means: by its id, or by a text that only one of the org's cases has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.core.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qgjob.client import Client

_PAGE = 500
_LONGEST_ID = 200
_MOST_NAMED = 10
_OF_NO_ID = frozenset("›:/ ")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A case that may be meant."""

    case_id: str
    file: str | None
    title: str | None

    @property
    def name(self) -> str:
        """Name it in one line."""
        return case_name(self.file, self.title, self.case_id)


def case_name(file: str | None, title: str | None, case_id: str) -> str:
    """Write `file › title` in one line; the id of a case of which nothing else is known."""
    return in_one_line(f"{file} › {title}" if file and title else case_id)


def in_one_line(text: str) -> str:
    """Put a text into one line: what tests and people write may look like lines of ours."""
    return " ".join(text.split())


def find_case(client: Client, org_id: str, text: str) -> str:
    """Find the id of the case of an org that a text means.

    Raises NotFound where no case has it, and InvalidRequest naming those that do where there are several.
    """
    if len(text) <= _LONGEST_ID and not _OF_NO_ID & set(text):
        try:
            return client.cases.history(org_id, text)["case_id"]
        except NotFound:
            pass  # perhaps it is part of a title
    return _the_one(text, list(_cases_of(client, org_id)), where=f"case of {org_id}").case_id


def find_mute(client: Client, org_id: str, text: str) -> str:
    """Find the id of the muted case that a text means, which nobody need have heard of. Raises as `find_case`."""
    muted = client.cases.mutes(org_id)["mutes"]
    known = [Known(case_id=each["case_id"], file=each["file"], title=each["title"]) for each in muted]
    return _the_one(text, known, where=f"muted case of {org_id}").case_id


def _cases_of(client: Client, org_id: str) -> Iterable[Known]:
    cursor = None
    while True:
        page = client.cases.of_org(org_id, limit=_PAGE, cursor=cursor)
        yield from (Known(case_id=each["case_id"], file=each["file"], title=each["title"]) for each in page["cases"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _the_one(text: str, known: Sequence[Known], *, where: str) -> Known:
    """Choose the case that has exactly this name, else the one whose name has it in it."""
    found = [each for each in known if text in _names(each)] or [each for each in known if _is_in(text, each)]
    if not found:
        raise NotFound(
            f"no {where} is {text!r}, nor has that in its file or title: qgjob flaky list shows what there is."
        )
    if len(found) > 1:
        raise InvalidRequest("\n    ".join([f"{text!r} may be any of these; say which by its id:", *_named(found)]))
    return found[0]


def _names(each: Known) -> tuple[str, ...]:
    return (each.case_id, each.name, f"{each.file}:{each.title}", f"{each.file} › {each.title}", each.title or "")


def _is_in(text: str, each: Known) -> bool:
    wanted = text.casefold()
    return any(wanted in name.casefold() for name in _names(each))


def _named(found: Sequence[Known]) -> list[str]:
    lines = [f"{in_one_line(each.case_id)}  {each.name}" for each in found[:_MOST_NAMED]]
    more = len(found) - _MOST_NAMED
    return [*lines, f"and {more} more"] if more > 0 else lines
