"""How an attempt came out: drawn from what the runner and the gateway saw, and nothing else. Pure.

An infrastructure fault beats the failed tests that it causes, and no fault takes back what has passed. A spec without a
case holds no tests only where nothing explains why none was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from qgjob.core.attempt import CaseResult
from qgjob.core.errors import QgjobError
from qgjob.core.words import CaseStatus, Fault, Loss, Verdict


class Stop(Enum):
    """Why an attempt was ended before its time."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    SILENT = "silent"
    AGENT_ENDS = "agent_ends"
    TOO_LATE = "too_late"
    """It began when its process was being ended already, for another's sake or its agent's."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """An attempt's verdict, whose problem it is, and a sentence for people; a pass needs neither.

    `loss`: what went down with an attempt that infrastructure lost.
    """

    verdict: Verdict
    fault: Fault | None = None
    message: str | None = None
    loss: Loss | None = None


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that went wrong beneath or beside the cases, whose problem it is, and what went down by it."""

    fault: Fault
    message: str
    loss: Loss | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that was seen of one attempt.

    `listed`: how many cases it picks, by its test path and `grep`. `results`: those that ended. `trouble`: in the order
    it came. `finished`: the runner came to the end of this spec. `timeout_s`: the job's own limit. `silence_s`: how
    long nothing may be heard of it.
    """

    test_path: str
    listed: int
    results: Sequence[CaseResult]
    trouble: Sequence[Trouble]
    finished: bool
    stop: Stop | None = None
    grep: str | None = None
    timeout_s: float | None = None
    silence_s: float = 0.0


def judge(seen: Seen) -> Judgement:
    """Draw the verdict of one attempt that had begun, or that the runner found nothing to begin with."""
    trouble = _worst(_believed(seen))
    explained = trouble is not None and not seen.listed
    if seen.finished and len(seen.results) >= seen.listed and _all_ok(seen.results) and not explained:
        return _passed(seen)
    if seen.stop is not None:
        return _stopped(seen.stop, seen)
    if trouble is not None and trouble.fault is not Fault.TEST:
        return judge_trouble(trouble)
    failed = [result for result in seen.results if not _is_ok(result)]
    if failed:
        return _failed(failed, seen)
    if trouble is not None:
        return judge_trouble(trouble)
    return _broken_off(f"The runner ended in the middle of {seen.test_path} without saying why.")


def judge_error(error: QgjobError) -> Judgement:
    """Draw the verdict of an attempt that could not begin, from what prevented it."""
    return judge_trouble(Trouble(fault=error.fault, message=error.message))


def judge_trouble(trouble: Trouble) -> Judgement:
    """Draw the verdict of an attempt that this trouble decided."""
    return Judgement(
        verdict=_verdict_of(trouble.fault), fault=trouble.fault, message=trouble.message, loss=trouble.loss
    )


def _verdict_of(fault: Fault) -> Verdict:
    match fault:
        case Fault.INFRASTRUCTURE | Fault.US:
            return Verdict.INFRA_ERROR
        case Fault.CONFIGURATION:
            return Verdict.CONFIGURATION_ERROR
        case Fault.APP:
            return Verdict.APP_ERROR
        case Fault.TEST:
            return Verdict.FAILED
        case _:
            assert_never(fault)


def _is_ok(result: CaseResult) -> bool:
    return result.ok or result.status is CaseStatus.SKIPPED


def _all_ok(results: Sequence[CaseResult]) -> bool:
    return all(_is_ok(result) for result in results)


def _passed(seen: Seen) -> Judgement:
    if any(result.status is not CaseStatus.SKIPPED for result in seen.results):
        return Judgement(verdict=Verdict.PASSED)
    picked = "" if seen.grep is None else f" with --grep {seen.grep!r}"
    message = f"{seen.test_path} holds no test that this Appwright project would run{picked}."
    if seen.listed:
        message = f"Nothing was executed: all {seen.listed} cases of {seen.test_path} are skipped."
    return Judgement(verdict=Verdict.NO_TESTS, fault=Fault.CONFIGURATION, message=message)


def _stopped(stop: Stop, seen: Seen) -> Judgement:
    match stop:
        case Stop.CANCELLED:
            return Judgement(verdict=Verdict.CANCELLED, message="It was cancelled while it ran.")
        case Stop.TIMED_OUT:
            message = f"{seen.test_path} was still running after the job's own limit of {seen.timeout_s or 0:g} s."
            return Judgement(verdict=Verdict.TIMED_OUT, fault=Fault.TEST, message=message)
        case Stop.SILENT:
            message = f"{seen.test_path} hung: nothing was heard of it for {seen.silence_s:g} s."
            return Judgement(verdict=Verdict.TIMED_OUT, fault=Fault.TEST, message=message)
        case Stop.AGENT_ENDS:
            return _broken_off("The agent was told to end while it ran.")
        case Stop.TOO_LATE:
            return _broken_off("Its runner was being ended when it began.")
        case _:
            assert_never(stop)


def _broken_off(message: str) -> Judgement:
    return Judgement(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE, message=message)


def _believed(seen: Seen) -> Sequence[Trouble]:
    """Leave out an app that did not start when it did start for another case: then a test failed, not the app."""
    started = any(result.session and result.ok for result in seen.results)
    return [trouble for trouble in seen.trouble if trouble.fault is not Fault.APP or not started]


_DECIDING_ORDER = (Fault.INFRASTRUCTURE, Fault.US, Fault.CONFIGURATION, Fault.APP, Fault.TEST)


def _worst(trouble: Sequence[Trouble]) -> Trouble | None:
    """Pick what decides: of the first kind in the deciding order, what came first."""
    return min(trouble, key=lambda each: _DECIDING_ORDER.index(each.fault), default=None)


def _failed(failed: Sequence[CaseResult], seen: Seen) -> Judgement:
    first = failed[0]
    reason = first.errors[0].strip().partition("\n")[0] if first.errors else f"it {_ended_as(first)}"
    message = f"{len(failed)} of {seen.listed} cases failed; the first: {first.case.title}: {reason}"
    return Judgement(verdict=Verdict.FAILED, fault=Fault.TEST, message=message)


def _ended_as(result: CaseResult) -> str:
    if result.status is CaseStatus.PASSED:
        return f"passed and was expected to end as {result.expected}"
    return f"ended as {result.status}"
