"""What has been seen so far of one job in a running Playwright process. It collects; `verdict` judges."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from qgjob.agent.runner import Attachment
from qgjob.agent.session.verdict import Seen, Stop, Trouble
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.lease import LeasedJob
from qgjob.core.places import Place

CASE_TIMEOUT_S = 300.0
"""The most that one case may take where the project sets no shorter limit: Appwright's own default is none at all."""
SILENCE_S = CASE_TIMEOUT_S + 60.0
"""A test that never yields (an endless loop) keeps Playwright's own timer from ringing: then the round is ended."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A file that a case left behind, as it is to be told apart in the evidence of its job."""

    case: Case
    attachment: Attachment


@dataclass(kw_only=True)
class JobRun:
    """One job in one process. `cases` are all that it picks, by id; `begun_cases` the ids of those that began.

    `place`: where its test path leads in its project; None: to all of what is called so.

    `sessions_before` and `faults_before` are how many of each the gateway knew when the job began.
    """

    job: LeasedJob
    place: Place | None = None
    cases: dict[str, Case] = field(default_factory=dict)
    begun_cases: set[str] = field(default_factory=set)
    results: list[CaseResult] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    sessions_before: int = 0
    faults_before: int = 0
    stop: Stop | None = None
    concluded: bool = False
    _began: float | None = None

    def begin(self, *, sessions: int, faults: int) -> None:
        """Its first case has begun, when the gateway knew so many sessions and faults."""
        self._began = time.monotonic()
        self.sessions_before, self.faults_before = sessions, faults

    def holds(self, case: Case, lines: Collection[int] = ()) -> bool:
        """Whether a case is of this job: it is in its file or folder, and among the `lines` that pick it is its own."""
        return PurePosixPath(case.file).is_relative_to(self.path) and (not self.line or self.line in lines)

    def goes_with(self, other: "JobRun") -> bool:
        """Whether one process may run both: it picks by one grep, and can tell of which of them each case is.

        Of two lines of a file that is known when the cases are listed.
        """
        overlap = self.path.is_relative_to(other.path) or other.path.is_relative_to(self.path)
        apart = not overlap or (self.path == other.path and 0 != self.line != other.line != 0)
        return apart and self.job.grep == other.job.grep

    @property
    def begun(self) -> bool:
        """Whether a case of it has begun."""
        return self._began is not None

    @property
    def is_complete(self) -> bool:
        """Whether every case has ended."""
        return len(self.results) >= len(self.cases)

    @property
    def missed_its_places(self) -> bool:
        """Whether it should run some cases again and none was found where they should be."""
        return bool(self.job.places) and not self.cases

    @property
    def not_ended(self) -> list[Case]:
        """Cases that have not ended, most of them because they never began."""
        ended = {result.case.case_id for result in self.results}
        return [case for case_id, case in self.cases.items() if case_id not in ended]

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    @property
    def silence_s(self) -> float:
        """How long nothing may be heard of it."""
        return SILENCE_S if self.job.idle_timeout_s is None else self.job.idle_timeout_s

    @property
    def seconds_left(self) -> float | None:
        """How long it may go on; None: nothing limits it."""
        return None if self.job.timeout_s is None or self._began is None else self.job.timeout_s - self.seconds

    def seen(self, *, finished: bool, trouble: Sequence[Trouble]) -> Seen:
        """Everything that a verdict is drawn from."""
        return Seen(
            test_path=self.job.test_path,
            grep=self.job.grep,
            listed=len(self.cases),
            results=tuple(self.results),
            trouble=trouble,
            finished=finished,
            stop=self.stop,
            timeout_s=self.job.timeout_s,
            silence_s=self.silence_s,
        )

    @property
    def path(self) -> PurePosixPath:
        """Its file or folder, without a leading dot or a trailing slash."""
        return PurePosixPath(self.job.test_path if self.place is None else self.place.file)

    @property
    def line(self) -> int:
        """The line that picks its cases; 0: it is of all of its file or folder."""
        return 0 if self.place is None else self.place.line

    @property
    def places(self) -> tuple[Place, ...]:
        """Where what it runs is; none: all of its file or folder."""
        return self.job.places or ((self.place,) if self.place is not None and self.place.line else ())
