"""Which workers are kept from work because they keep losing it, for how long, and how they come back.

A worker that loses lease after lease to infrastructure gets none for a while. Then one short lease is its probe: it
either clears the worker or doubles the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.words import Fault, Loss, Verdict

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, kw_only=True)
class QuarantineRule:
    """How much is borne. The defaults: a device that reboots or is plugged in again is back well within `first`."""

    after: int = 3
    """Faults in a row: two may be bad luck, and a lease costs a job at most a few minutes."""
    first: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=1)
    """A device that somebody has put right is found to be so within this time without anybody saying it."""


QUARANTINE = QuarantineRule()


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How a worker has done lately. `until_at` None: not in quarantine; else until then, and on probation after."""

    faults_in_a_row: int = 0
    until_at: datetime | None = None
    reason: str | None = None

    def is_in_quarantine(self, now: datetime) -> bool:
        """Whether it gets no work now."""
        return self.until_at is not None and now < self.until_at

    def is_on_probation(self, now: datetime) -> bool:
        """Whether it has sat out its quarantine and has yet to prove itself: it gets one job at a time."""
        return self.until_at is not None and now >= self.until_at


@dataclass(frozen=True, kw_only=True)
class AttemptSeen:
    """How an attempt of a lease ended, as far as it speaks for or against the worker."""

    verdict: Verdict
    fault: Fault | None
    loss: Loss | None = None
    message: str | None = None


def after_lease(
    conduct: Conduct, attempts: Iterable[AttemptSeen], *, now: datetime, rule: QuarantineRule = QUARANTINE
) -> Conduct:
    """Say how a worker stands after a lease whose attempts ended so, in this order.

    Several faults of one lease are one: they commonly have one cause. A fault of ours, of the app or the configuration
    and trouble of the whole host say nothing about the worker.
    """
    at_fault: AttemptSeen | None = None
    for attempt in attempts:
        if attempt.fault is Fault.INFRASTRUCTURE and attempt.loss is not Loss.HOST:
            at_fault = at_fault or attempt
        elif attempt.verdict in _RAN:
            conduct, at_fault = Conduct(), None
    return conduct if at_fault is None else _after_fault(conduct, at_fault.message, now=now, rule=rule)


_RAN = frozenset({Verdict.PASSED, Verdict.FLAKY, Verdict.FAILED, Verdict.TIMED_OUT})
"""A worker that brought a test to any of these ends did its part."""


def _after_fault(conduct: Conduct, message: str | None, *, now: datetime, rule: QuarantineRule) -> Conduct:
    faults = conduct.faults_in_a_row + 1
    if faults < rule.after:
        return Conduct(faults_in_a_row=faults)
    doublings = min(faults - rule.after, _MOST_DOUBLINGS)
    return Conduct(
        faults_in_a_row=faults,
        until_at=now + min(rule.first * 2**doublings, rule.longest),
        reason=f"{faults} leases in a row were lost to infrastructure. The last time: {message or 'nobody said why'}",
    )
