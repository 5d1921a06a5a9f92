"""How a case did over its last runs: how flaky it is, what is new about a failure, whether it takes longer than before.

A case is compared with its own past only, and with results on the same kind of device: what one device cannot do says
nothing about another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter

from qgjob.core.attempt import CaseCounts, count_outcomes
from qgjob.core.words import AppVersionId, CaseOutcome

WINDOW = 30
"""Results of a case that its figures are made of: the newest."""
LEAST_FOR_SCORE = 5
"""Results that must have come out, one way or the other, before a case is called flaky or steady."""
LEAST_FOR_TREND = 6
"""Results in which a case was executed before its halves are compared."""

_CAME_OUT = frozenset({CaseOutcome.PASSED, CaseOutcome.FAILED, CaseOutcome.FLAKY})


class Standing(StrEnum):
    """How a result compares with the one before it."""

    NEW_FAILURE = "new_failure"
    FIRST_SEEN_FAILING = "first_seen_failing"
    KNOWN_FAILURE = "known_failure"
    RECOVERED = "recovered"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a case came to in one job. `kind`: what was asked of the device. `failing_since_at`: of every failed one."""

    outcome: CaseOutcome
    took: timedelta
    app_version_id: AppVersionId
    kind: str
    failing_since_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Compared:
    """`failing_since_at`: when the first failure in a row was that this result belongs to; None: it did not fail."""

    standing: Standing | None
    failing_since_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How a case did. `mean`: where it was executed. `trend`: how many times longer the newer half took; None: unknown.

    `flaky_score`: from 0 to 1; None: too few results.
    """

    counts: CaseCounts
    flips: int
    flaky_score: float | None
    mean: timedelta | None
    trend: float | None


def compared(outcome: CaseOutcome, *, ended_at: datetime, kind: str, earlier: Sequence[Result]) -> Compared:
    """Compare a result with the last of the `earlier` ones (oldest first) that came out on the same kind of device."""
    before = next((each for each in reversed(earlier) if each.kind == kind and each.outcome in _CAME_OUT), None)
    failed_before = before is not None and before.outcome is CaseOutcome.FAILED
    if outcome is not CaseOutcome.FAILED:
        recovered = outcome is CaseOutcome.PASSED and failed_before
        return Compared(standing=Standing.RECOVERED if recovered else None, failing_since_at=None)
    if before is None:
        return Compared(standing=Standing.FIRST_SEEN_FAILING, failing_since_at=ended_at)
    if not failed_before:
        return Compared(standing=Standing.NEW_FAILURE, failing_since_at=ended_at)
    return Compared(standing=Standing.KNOWN_FAILURE, failing_since_at=before.failing_since_at)


def figures(results: Sequence[Result]) -> Figures:
    """Work out how a case did in these results, oldest first."""
    came_out = [each for each in results if each.outcome in _CAME_OUT]
    counts, flips = count_outcomes(each.outcome for each in results), _flips(came_out)
    known = len(came_out) >= LEAST_FOR_SCORE
    return Figures(
        counts=counts,
        flips=flips,
        flaky_score=(counts.flaky + flips) / len(came_out) if known else None,
        mean=_mean(came_out),
        trend=_trend(came_out),
    )


def _flips(came_out: Iterable[Result]) -> int:
    """Count results that are other than the one before on the same app version and kind of device.

    One that is flaky counts as such, and is a pass to the one behind it: so no result counts twice.
    """
    by_place: dict[tuple[str, str], list[CaseOutcome]] = {}
    for each in came_out:
        by_place.setdefault((each.app_version_id, each.kind), []).append(each.outcome)
    return sum(_is_flip(*pair) for outcomes in by_place.values() for pair in pairwise(outcomes))


def _is_flip(before: CaseOutcome, now: CaseOutcome) -> bool:
    if now is CaseOutcome.FLAKY:
        return False
    return (before is CaseOutcome.FAILED) is not (now is CaseOutcome.FAILED)


def _trend(came_out: Sequence[Result]) -> float | None:
    """Compare the newer half with the older; of an odd number the middle one belongs to neither."""
    if len(came_out) < LEAST_FOR_TREND:
        return None
    half = len(came_out) // 2
    older, newer = _mean(came_out[:half]), _mean(came_out[-half:])
    return newer / older if older and newer is not None else None


def _mean(results: Sequence[Result]) -> timedelta | None:
    return sum(map(attrgetter("took"), results), timedelta(0)) / len(results) if results else None
