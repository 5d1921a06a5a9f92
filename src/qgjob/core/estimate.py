"""How long tests and installations will take, learnt from how long they took (exponentially weighted averages)."""

from datetime import timedelta

from qgjob.core.words import Verdict

UNKNOWN_TEST = timedelta(seconds=60)
UNKNOWN_INSTALL = timedelta(seconds=60)
TEST_WEIGHT = 0.5
"""What the newest run of a test counts against all before: tests change with each push."""
INSTALL_WEIGHT = 0.3
"""Installations change less and scatter more."""


def after_test(known: timedelta | None, *, took: timedelta, verdict: Verdict) -> timedelta | None:
    """Learn from one attempt; None: there is still nothing to go by.

    One that failed or timed out teaches only that a test can take longer: where it broke off says nothing else.
    """
    if verdict in {Verdict.PASSED, Verdict.FLAKY}:
        return _blend(known, took, TEST_WEIGHT)
    if verdict in {Verdict.FAILED, Verdict.TIMED_OUT} and known is not None and took > known:
        return _blend(known, took, TEST_WEIGHT)
    return known


def after_install(known: timedelta | None, *, took: timedelta) -> timedelta:
    """Learn from one installation that a device really did."""
    return _blend(known, took, INSTALL_WEIGHT)


def _blend(known: timedelta | None, newest: timedelta, weight: float) -> timedelta:
    return newest if known is None else known + (newest - known) * weight
