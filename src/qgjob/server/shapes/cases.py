"""Cases of runs and of orgs, as shown."""

from qgjob.core.mute import Mute
from qgjob.server.shapes.times import shown, shown_if_any
from qgjob.service.ask import CaseHistory, Execution, OrgCase, PastResult, RunCase
from qgjob.service.mutes import MutedCase
from qgjob.wire.cases import CaseHistoryShown, CasePast, CaseSummary, ExecutionShown, MuteShown, RunCaseShown


def run_case_shown(each: RunCase) -> RunCaseShown:
    """Show what a case came to in a job."""
    judged = each.judged
    return RunCaseShown(
        job_id=each.job_id,
        case_id=each.case.case_id,
        title=each.case.title,
        file=each.case.file,
        line=each.case.line,
        project=each.project,
        target=each.target,
        outcome=each.outcome,
        seconds=each.seconds,
        muted=judged is not None and judged.muted,
        standing=None if judged is None else judged.standing,
        failing_since=None if judged is None else shown_if_any(judged.failing_since_at),
        flaky_score=None if judged is None else judged.flaky_score,
        executions=[_execution_shown(execution) for execution in each.executions],
    )


def _execution_shown(execution: Execution) -> ExecutionShown:
    result = execution.result
    return ExecutionShown(
        attempt=execution.attempt,
        attempt_started_at=shown_if_any(execution.attempt_started_at),
        worker_id=execution.worker_id,
        worker_name=execution.worker_name,
        status=result.status,
        expected=result.expected,
        ok=result.ok,
        seconds=result.seconds,
        errors=list(result.errors),
        session=result.session,
    )


def case_summary(each: OrgCase) -> CaseSummary:
    """Show how a case of an org did lately."""
    counts = each.counts
    return CaseSummary(
        case_id=each.case_id,
        title=each.title,
        file=each.file,
        project=each.project,
        runs=counts.total,
        passed=counts.passed,
        failed=counts.failed,
        flaky=counts.flaky,
        skipped=counts.skipped,
        not_run=counts.not_run,
        flips=each.flips,
        flaky_score=each.flaky_score,
        mean_s=None if each.mean is None else each.mean.total_seconds(),
        trend=each.trend,
        first_seen_at=shown(each.first_seen_at),
        last_seen_at=shown(each.last_seen_at),
        last_outcome=each.last_outcome,
        mute=None if each.mute is None else _mute_shown(each.mute, title=each.title, file=each.file),
    )


def history_shown(history: CaseHistory) -> CaseHistoryShown:
    """Show a case with its last results."""
    return CaseHistoryShown(**case_summary(history.case), past=[_past_shown(each) for each in history.past])


def mute_shown(muted: MutedCase) -> MuteShown:
    """Show a mute."""
    return _mute_shown(muted.mute, title=muted.title, file=muted.file)


def _past_shown(each: PastResult) -> CasePast:
    return CasePast(
        run_id=each.run_id,
        job_id=each.job_id,
        app_version_id=each.app_version_id,
        target=each.target,
        outcome=each.outcome,
        standing=each.judged.standing,
        muted=each.judged.muted,
        seconds=each.took.total_seconds(),
        attempts=each.executions,
        ended_at=shown(each.ended_at),
    )


def _mute_shown(mute: Mute, *, title: str | None, file: str | None) -> MuteShown:
    return MuteShown(
        case_id=mute.case_id,
        title=title,
        file=file,
        owner=mute.owner,
        until=shown(mute.until_at),
        reason=mute.reason,
        created_at=shown(mute.created_at),
    )
