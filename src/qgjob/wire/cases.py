"""Cases of a run and of an org on the wire: what they came to, how they did before, and which are muted."""

from typing import NotRequired

from typing_extensions import TypedDict

from qgjob.wire.bounds import Moment, Name, Text


class MuteBody(TypedDict):
    """`PUT /orgs/{org_id}/mutes/{case_id}`: until then the case runs, and decides nothing. `owner` is to mend it."""

    owner: Name
    until: Moment
    reason: NotRequired[Text | None]


class MuteShown(TypedDict):
    """A case that is muted. `title` and `file` are null where the case was never heard of."""

    case_id: str
    title: str | None
    file: str | None
    owner: str
    until: str
    reason: str | None
    created_at: str


class MuteList(TypedDict):
    """`GET /orgs/{org_id}/mutes`: those in force, by when they end."""

    count: int
    mutes: list[MuteShown]


class ExecutionShown(TypedDict):
    """One execution of a case. `attempt_started_at`: of the attempt that it was part of."""

    attempt: int
    attempt_started_at: str | None
    worker_id: str
    worker_name: str
    status: str
    expected: str
    ok: bool
    seconds: float
    errors: list[str]
    session: bool


class RunCaseShown(TypedDict):
    """One case of one job of a run, with its executions that count, oldest first.

    `outcome`: passed, failed, flaky, skipped or not_run, as the counts of the run have it. `muted`: it was when its job
    ended. `standing`, of a case whose job is over: how it compares with how the case did before: `new_failure`,
    `first_seen_failing`, `known_failure`, `recovered`, or null where there is nothing to say. `failing_since`: when the
    first of the failures in a row was that a known failure goes on. `flaky_score`: from 0 to 1 over its last runs, null
    where too few are known.
    """

    job_id: str
    case_id: str
    title: str
    file: str
    line: int
    project: str | None
    target: str
    outcome: str
    seconds: float
    muted: bool
    standing: str | None
    failing_since: str | None
    flaky_score: float | None
    executions: list[ExecutionShown]


class RunCasePage(TypedDict):
    """`GET /runs/{id}/cases`: by job, file and line; `count` is of this page."""

    count: int
    cases: list[RunCaseShown]
    next_cursor: str | None


class CaseSummary(TypedDict):
    """How a case of an org did in its last runs, `runs` of them.

    `flaky_score`: the share of them in which it passed only on a retry, or came out otherwise than the time before on
    the same app version and kind of device. `mean_s`: of the runs in which it was executed; `trend`: the mean of the
    newer half of these over that of the older half, null where there are too few.
    """

    case_id: str
    title: str
    file: str
    project: str | None
    runs: int
    passed: int
    failed: int
    flaky: int
    skipped: int
    not_run: int
    flips: int
    flaky_score: float | None
    mean_s: float | None
    trend: float | None
    first_seen_at: str
    last_seen_at: str
    last_outcome: str
    mute: MuteShown | None


class CasePage(TypedDict):
    """`GET /orgs/{org_id}/cases?order=flaky|slowest|slowing|failing|recent`."""

    count: int
    cases: list[CaseSummary]
    next_cursor: str | None


class CasePast(TypedDict):
    """How a case came out in one job. `standing`: as of the cases of a run. `attempts`: that executed it."""

    run_id: str
    job_id: str
    app_version_id: str
    target: str
    outcome: str
    standing: str | None
    muted: bool
    seconds: float
    attempts: int
    ended_at: str


class CaseHistoryShown(CaseSummary):
    """`GET /orgs/{org_id}/cases/{case_id}`: and each of its last runs, newest first."""

    past: list[CasePast]
