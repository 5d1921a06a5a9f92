"""Cases of runs and of orgs, as shown."""

from qgjob.server.shapes.times import shown_if_any
from qgjob.service.ask import Execution, RunCase
from qgjob.wire.cases import ExecutionShown, RunCaseShown


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
