"""What is ahead, and why, as shown."""

from datetime import datetime
from typing import cast

from qgjob.core import occupation, waiting
from qgjob.core.eta import Eta
from qgjob.core.job import Job
from qgjob.core.run import Run
from qgjob.server.shapes.jobs import job_shown
from qgjob.server.shapes.runs import run_shown
from qgjob.server.shapes.times import shown, shown_if_any
from qgjob.server.shapes.unserved import unserved_shown
from qgjob.service.ask.occupation import Decision, WorkerExplained
from qgjob.service.ask.plan import Plan
from qgjob.service.ask.why import JobExplained, Prospect
from qgjob.wire import prospects as wire
from qgjob.wire.prospects import (
    ChoiceShown,
    DecisionShown,
    EtaShown,
    JobDetail,
    OccupationShown,
    PlanShown,
    RunDetail,
    WaitingShown,
)


def job_detail(job: Job, prospect: Prospect | None) -> JobDetail:
    """Show a job with what is ahead of it, if that was worked out."""
    if prospect is None:
        return JobDetail(**job_shown(job), waiting=None, eta=None)
    return JobDetail(**job_shown(job), waiting=waiting_shown(prospect), eta=eta_shown(prospect.eta))


def run_detail(run: Run, eta: Eta | None) -> RunDetail:
    """Show a run with when it is done."""
    return RunDetail(**run_shown(run), eta=eta_shown(eta))


def plan_shown(plan: Plan) -> PlanShown:
    """Show what a run would come to."""
    shown_plan = PlanShown(
        jobs=plan.jobs,
        workers=plan.workers,
        installs=plan.installs,
        done_in_s=None if plan.done_in is None else plan.done_in.total_seconds(),
        not_before_in_s=None if plan.not_before_in is None else plan.not_before_in.total_seconds(),
    )
    if plan.unserved:
        shown_plan["unserved"] = [unserved_shown(each) for each in plan.unserved]
    return shown_plan


def eta_shown(eta: Eta | None) -> EtaShown | None:
    """Show when something is done."""
    if eta is None:
        return None
    return EtaShown(
        start_about_at=shown_if_any(eta.start_about_at),
        done_about_at=shown_if_any(eta.done_about_at),
        not_before_at=shown_if_any(eta.not_before_at),
    )


def waiting_shown(prospect: Prospect) -> WaitingShown | None:
    """Show why a job waits."""
    if prospect.waiting is None:
        return None
    said = {**waiting.as_data(prospect.waiting), "sentence": waiting.sentence(prospect.waiting, prospect.at)}
    return cast("WaitingShown", said)


def job_explained(explained: JobExplained) -> wire.JobExplained:
    """Show all that is known of why a job is where it is."""
    return wire.JobExplained(
        job_id=explained.job.job_id,
        status=explained.job.status,
        waiting=waiting_shown(explained.prospect),
        eta=eta_shown(explained.prospect.eta),
        decisions=[_decision_shown(decision) for decision in explained.decisions],
    )


def worker_explained(explained: WorkerExplained) -> wire.WorkerExplained:
    """Show why a worker does what it does."""
    return wire.WorkerExplained(
        worker_id=explained.worker.worker_id,
        name=explained.worker.name,
        status=explained.worker.status,
        occupation=_occupation_shown(explained.occupation, explained.at),
        last=None if explained.last is None else _decision_shown(explained.last),
    )


def _occupation_shown(known: occupation.Occupation, at: datetime) -> OccupationShown:
    return cast("OccupationShown", {**occupation.as_data(known), "sentence": occupation.sentence(known, at)})


def _decision_shown(decision: Decision) -> DecisionShown:
    return DecisionShown(
        lease=decision.token,
        attempt=decision.attempt,
        worker_id=decision.worker_id,
        worker_name=decision.worker_name,
        org_id=decision.org_id,
        app_version_id=decision.app_version_id,
        group_id=decision.group_id,
        job_ids=list(decision.job_ids),
        granted_at=shown(decision.granted_at),
        ended_at=shown_if_any(decision.ended_at),
        reason=decision.reason,
        choice=None if decision.choice is None else cast("ChoiceShown", dict(decision.choice)),
    )
