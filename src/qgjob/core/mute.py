"""Mutes: cases that run and decide nothing for a while, since somebody has said that they will mend them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.words import CaseOutcome, OrgId, Verdict

LONGEST_MUTE = timedelta(days=366)
MOST_MUTES = 1000
"""Cases of an org that may be muted at once: an org that needs more has another problem."""

_EXCUSABLE = frozenset({Verdict.FAILED, Verdict.FLAKY})
_NEEDS_EXCUSE = frozenset({CaseOutcome.FAILED, CaseOutcome.FLAKY})


@dataclass(frozen=True, kw_only=True)
class Mute:
    """A case that decides nothing until a time. `owner`: who is to mend it."""

    org_id: OrgId
    case_id: str
    owner: str
    until_at: datetime
    reason: str | None
    created_at: datetime


def check_until(until_at: datetime, *, now: datetime) -> None:
    """Raise InvalidRequest for a mute that would be over already, or go on for longer than anybody remembers it."""
    if until_at <= now:
        raise _refused("must be a time to come: a case is not muted for the past")
    if until_at > now + LONGEST_MUTE:
        raise _refused(f"must be at most {LONGEST_MUTE.days} days ahead: mute it again then if it is still needed")


def is_excused(verdict: Verdict, cases: Iterable[tuple[CaseOutcome, bool]]) -> bool:
    """Whether a job decides nothing: it failed or was flaky, and all that made it so was muted when it ended.

    `cases`: what each of its cases came to, and whether it was muted. What was not run is nobody's to excuse.
    """
    if verdict not in _EXCUSABLE:
        return False
    known = list(cases)
    to_excuse = [muted for outcome, muted in known if outcome in _NEEDS_EXCUSE]
    return bool(to_excuse) and all(to_excuse) and all(outcome is not CaseOutcome.NOT_RUN for outcome, _ in known)


def _refused(message: str) -> InvalidRequest:
    return InvalidRequest(f"until {message}.", [FieldProblem(field="until", message=message)])
