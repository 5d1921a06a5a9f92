"""Follows one Playwright process: what it says becomes the story of each job, case by case, and in the end a verdict.

It starts and stops nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol, assert_never

from qgjob.agent.gateway import GatewayFault, Session
from qgjob.agent.runner import (
    Alive,
    CaseBegan,
    CaseEnded,
    FailureReason,
    RunBegan,
    RunCrashed,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunStatus,
)
from qgjob.agent.session.job_run import Evidence, JobRun
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.session.verdict import Trouble, judge
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.words import CaseStatus, Fault, Loss

_MOST_OUTPUT = 1000


class SeenByGateway(Protocol):
    """What a gateway knows of the sessions of a process, in order; it only grows."""

    @property
    def sessions(self) -> Sequence[Session]:
        """Every session that was opened."""

    @property
    def faults(self) -> Sequence[GatewayFault]:
        """Everything that went wrong beneath the tests."""


class Follower:
    """Follows the jobs of one process, which come one after the other.

    `broke_beneath` says of a case that failed whether its device or Appium is to blame; `loss` what has gone down with
    them. `on_turn` is called whenever another job begins. `mixes_jobs`: nothing can be told of its jobs, each has to
    run alone.
    """

    def __init__(
        self,
        runs: Sequence[JobRun],
        *,
        gateway: SeenByGateway,
        story: LeaseStory,
        broke_beneath: Callable[[Case], Awaitable[bool]],
        loss: Callable[[], Loss | None],
        on_turn: Callable[[], None],
    ) -> None:
        self.current: JobRun | None = None
        self.load_failure: Trouble | None = None
        self.mixes_jobs = False
        self._lines: Mapping[str, frozenset[int]] = {}
        self._runs = runs
        self._gateway = gateway
        self._story = story
        self._broke_beneath = broke_beneath
        self._loss = loss
        self._on_turn = on_turn
        self._beside: list[Trouble] = []
        self._project_retries: int | None = None
        self._said_that_it_ended = False

    async def see(self, event: RunnerEvent) -> None:
        """Take in one event; none any more of a process that mixes its jobs."""
        if self.mixes_jobs:
            return
        match event:
            case RunBegan():
                self._list(event)
            case CaseBegan():
                self._case_began(event.case)
            case Alive():
                pass
            case CaseEnded():
                await self._case_ended(event)
            case RunFailed():
                self._failed(event)
            case RunEnded():
                self._said_that_it_ended = event.status is not RunStatus.INTERRUPTED
            case RunCrashed():
                said = event.output[-_MOST_OUTPUT:].strip()
                message = f"Playwright ended before its time: {event.message}. It said last: {said or 'nothing'}"
                self._beside.append(Trouble(fault=Fault.INFRASTRUCTURE, message=message, loss=Loss.RUNNER))
            case _:
                assert_never(event)

    def conclude(self, *, stopped: bool) -> None:
        """Draw the verdicts that are still open, after the last event.

        Jobs that did not begin are left alone when the process was `stopped`, or had to end, for another one's sake;
        also those without a case beside others that had one: a `test.only` there hides what they hold. So are those
        of which the places that should run again held none: all of them has to run.
        """
        finished = self.ended_in_order
        for run in self._runs:
            if run.concluded or (finished and run.missed_its_places):
                continue
            if run.begun or not (stopped or any(other.begun for other in self._runs)):
                self._conclude(run, finished=finished)

    @property
    def ended_in_order(self) -> bool:
        """Whether the process came to its own end, with the project loaded."""
        return self._said_that_it_ended and self.load_failure is None

    def _list(self, event: RunBegan) -> None:
        self._project_retries, self._lines = event.retries, event.lines
        self.mixes_jobs = self._mixed(event.cases)
        if self.mixes_jobs:
            return
        for case in event.cases:
            if (run := self._run_of(case)) is not None:
                run.cases[case.case_id] = case

    def _mixed(self, cases: Sequence[Case]) -> bool:
        """Whether a case is of two jobs, or the cases of one come between those of another."""
        holders = [[run.job.job_id for run in self._runs if self._holds(run, case)] for case in cases]
        turns = [job_id for job_id, _ in groupby(job_id for each in holders for job_id in each)]
        return any(len(each) > 1 for each in holders) or len(turns) > len(set(turns))

    def _case_began(self, case: Case) -> None:
        run = self._run_of(case)
        if run is None:
            return  # a case of a project that this one depends on
        if run is not self.current:
            self._turn_to(run)
        run.begun_cases.add(case.case_id)
        self._story.case_started(run.job, case)

    def _turn_to(self, run: JobRun) -> None:
        if self.current is not None and not self.current.concluded:
            self._conclude(self.current, finished=True)
        self.current = run
        run.begin(sessions=len(self._gateway.sessions), faults=len(self._gateway.faults))
        self._story.attempt_started(run.job)
        self._on_turn()

    async def _case_ended(self, event: CaseEnded) -> None:
        result = self._result(event)
        run = self._run_of(event.case)
        if run is None:
            self._note_dependency(result)
            return
        if not result.ok and await self._broke_beneath(event.case):
            result = replace(result, status=CaseStatus.INTERRUPTED)
        run.results.append(result)
        if not result.ok:
            run.evidence += [Evidence(case=event.case, attachment=attachment) for attachment in event.attachments]
        self._story.case_ended(run.job, result)
        if run.is_complete:
            self._conclude(run, finished=True)

    def _result(self, event: CaseEnded) -> CaseResult:
        return CaseResult(
            case=event.case,
            status=event.status,
            expected=event.expected,
            seconds=event.seconds,
            errors=tuple(str(error) for error in event.errors),
            session=self._had_session(event.case),
        )

    def _broken_off(self, case: Case, *, begun: bool) -> CaseResult:
        """Make the result of a case of which no end was seen."""
        return CaseResult(
            case=case,
            status=CaseStatus.INTERRUPTED if begun else CaseStatus.NOT_RUN,
            expected=CaseStatus.PASSED,
            seconds=0.0,
            errors=(),
            session=self._had_session(case),
        )

    def _had_session(self, case: Case) -> bool:
        return any(session.case_id == case.case_id for session in self._gateway.sessions)

    def _note_dependency(self, result: CaseResult) -> None:
        """A failed case that others depend on: they will not be run, and its error says why."""
        if not result.ok:
            why = result.errors[0] if result.errors else f"it ended as {result.status}"
            message = f"{result.case.title} ({result.case.file}), which the tests depend on, failed: {why}"
            self._beside.append(Trouble(fault=Fault.TEST, message=message))

    def _failed(self, event: RunFailed) -> None:
        place = "" if event.location is None else f" ({event.location.file}:{event.location.line})"
        message = f"{event.message}{place}"
        match event.reason:
            case FailureReason.NO_TESTS:
                self._said_that_it_ended = True
            case FailureReason.CONFIGURATION:
                trouble = Trouble(fault=Fault.CONFIGURATION, message=message)
                self.load_failure = self.load_failure or trouble
                self._beside.append(trouble)
            case FailureReason.DURING_RUN:
                self._beside.append(Trouble(fault=Fault.TEST, message=message))
            case _:
                assert_never(event.reason)

    def _conclude(self, run: JobRun, *, finished: bool) -> None:
        for case in run.not_ended:
            self._story.case_ended(run.job, self._broken_off(case, begun=case.case_id in run.begun_cases))
        faults = self._gateway.faults[run.faults_before :] if run.begun else ()
        loss = self._loss()
        trouble = [*(Trouble(fault=each.fault, message=each.message, loss=loss) for each in faults), *self._beside]
        judgement = judge(run.seen(finished=finished, trouble=trouble))
        if loss is Loss.HOST and judgement.fault is Fault.INFRASTRUCTURE:
            judgement = replace(judgement, loss=loss)
        self._story.attempt_ended(
            run.job,
            judgement,
            seconds=run.seconds,
            sessions=len(self._gateway.sessions) - run.sessions_before if run.begun else 0,
            project_retries=self._project_retries,
        )
        run.concluded = True

    def _run_of(self, case: Case) -> JobRun | None:
        return next((run for run in self._runs if self._holds(run, case)), None)

    def _holds(self, run: JobRun, case: Case) -> bool:
        return run.holds(case, self._lines.get(case.case_id, ()))
