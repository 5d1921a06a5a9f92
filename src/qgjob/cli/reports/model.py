"""A finished run as every report tells it: its cases under unique names, and the jobs that no case tells of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from qgjob.core.attempt import CaseCounts
    from qgjob.core.words import CaseOutcome, CaseStatus, Verdict


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution of a case. `retry` counts from 0.

    `started_at` is worked out: the cases of an attempt one after the other, from its start. None: it never began.
    """

    retry: int
    attempt: int
    worker_id: str
    worker: str
    status: CaseStatus
    expected: CaseStatus
    ok: bool
    started_at: datetime | None
    seconds: float
    errors: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether it says something against the test; an interrupted one does not."""
        return not self.ok and self.status in {"passed", "failed", "timedOut"}


@dataclass(frozen=True, kw_only=True)
class ReportedCase:
    """One case of one job. `suite` and `name` together are unique in the run; `seconds` are of the last execution."""

    job_id: str
    case_id: str
    suite: str
    name: str
    title: str
    file: str
    line: int
    project: str | None
    target: str
    outcome: CaseOutcome
    seconds: float
    muted: bool
    standing: str | None
    failing_since: str | None
    flaky_score: float | None
    executions: tuple[Execution, ...]

    @property
    def last(self) -> Execution | None:
        """The execution that decides; None where it never began."""
        return self.executions[-1] if self.executions else None

    @property
    def earlier(self) -> tuple[Execution, ...]:
        """All executions before it."""
        return self.executions[:-1]


@dataclass(frozen=True, kw_only=True)
class ReportedJob:
    """One job. `kind`: the device that it asked for, where jobs of the run differ in that.

    `told_by`: the name of its own entry, where its cases do not tell how it ended; None where they do. `problem` says
    why it did not pass, None where it did.
    """

    job_id: str
    test_path: str
    kind: str
    project: str | None
    verdict: Verdict | None
    excused: bool
    told_by: str | None
    problem: str | None
    attempts: int
    started_at: datetime | None
    ended_at: datetime | None
    asked: Mapping[str, str | None]
    cases: tuple[ReportedCase, ...]


JOBS_SUITE = "jobs of the run"
"""What the entries of jobs are gathered under; no spec file can be called so."""


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """A finished run. `counts` are those of the server, to which `cases` add up."""

    run_id: str
    org_id: str
    created_at: datetime
    ended_at: datetime
    counts: CaseCounts
    verdicts: Mapping[str, int]
    excused: Mapping[str, int]
    app_versions: tuple[str, ...]
    jobs: tuple[ReportedJob, ...]

    @property
    def cases(self) -> Iterator[ReportedCase]:
        """All cases, by job."""
        return (case for job in self.jobs for case in job.cases)

    @property
    def entries(self) -> Iterator[ReportedJob]:
        """The jobs that no case tells of."""
        return (job for job in self.jobs if job.told_by is not None)

    @property
    def suites(self) -> dict[str, list[ReportedCase]]:
        """The cases by suite, in their order."""
        found: dict[str, list[ReportedCase]] = {}
        for case in self.cases:
            found.setdefault(case.suite, []).append(case)
        return found
