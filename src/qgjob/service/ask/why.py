"""Why a job waits, and why a worker does what it does: found by the rule that decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.eta import Eta
from qgjob.core.group import needs_now
from qgjob.core.job import Job
from qgjob.core.moving import MovingGroup
from qgjob.core.policy import SHIPPED, GroupPicture, WarmSplit
from qgjob.core.waiting import Circumstances, Kept, NobodyServes, Resting, Waiting, why
from qgjob.core.words import JobId, JobStatus
from qgjob.service import find
from qgjob.service.ask.ahead import MOST_BEFORE
from qgjob.service.ask.eta import Outlook, eta_of_job, outlook
from qgjob.service.ask.nobody import why_nobody_serves
from qgjob.service.ask.occupation import Decision, decisions_about
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros, to_micros
from qgjob.store.nouns import binary_of, requirement_of

MOST_GROUPS_BEFORE = 1000

_NONE = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What is ahead of a job, as of a time. `waiting`: why it waits, None when it does not. `eta` None: it is done."""

    at: datetime
    waiting: Waiting | None = None
    eta: Eta | None = None


@dataclass(frozen=True, kw_only=True)
class JobExplained:
    """All that is known of why a job is where it is; decisions about it, oldest first."""

    job: Job
    prospect: Prospect
    decisions: tuple[Decision, ...]


def job_with_prospect(tx: Transaction, job_id: JobId, *, rule: WarmSplit = SHIPPED) -> tuple[Job, Prospect]:
    """Find a job and say what is ahead of it. Raises NotFound."""
    job = find.job(tx, job_id)
    return job, prospect(tx, job, rule=rule)


def explain_job(tx: Transaction, job_id: JobId, *, rule: WarmSplit = SHIPPED) -> JobExplained:
    """Say why a job is where it is. Raises NotFound."""
    job = find.job(tx, job_id)
    return JobExplained(job=job, prospect=prospect(tx, job, rule=rule), decisions=decisions_about(tx, job))


def prospect(tx: Transaction, job: Job, *, rule: WarmSplit = SHIPPED) -> Prospect:
    """Say of a job why it waits, if it does, and when it is done."""
    row = tx.row("waiting_job", job_id=job.job_id) if job.status is JobStatus.PENDING else None
    if row is None:
        return Prospect(at=tx.now, eta=None if job.status.is_final else eta_of_job(tx, job.job_id, rule=rule))
    seen = outlook(tx, [row], rule=rule)
    return Prospect(at=tx.now, waiting=why(_circumstances(tx, row, seen), rule), eta=seen.etas(tx)[0])


def _circumstances(tx: Transaction, row: Row, seen: Outlook) -> Circumstances:
    group = find.group(tx, row["group_id"])
    (asked,) = seen.asked
    rank = asked.rank
    before = tx.only(
        "groups_before",
        needs=group["needs"],
        lane=group["rank_lane"] if group["waiting"] else rank.lane,
        due_at=group["rank_due_at"] if group["waiting"] else rank.due_at,
        run_number=group["rank_run"] if group["waiting"] else rank.run,
        limit=MOST_GROUPS_BEFORE,
    )
    serving = () if seen.farm is None else [each for each in seen.farm.workers if group["needs"] in each.needs]
    return Circumstances(
        now=tx.now,
        nobody=None if any(not each.free_in or each.lease for each in serving) else _nobody(tx, group),
        resting=None if row["until_at"] is None else Resting(until_at=from_micros(row["until_at"])),
        kept=_kept(tx, row),
        group=_drawn(seen, row),
        free=sum(not each.free_in and each.lease is None for each in serving),
        turn=seen.told.turns.get(asked.job_id),
        jobs_before=asked.before + _urgent_before(group, rank.lane),
        groups_before=before["groups"],
        jobs_of_groups_before=before["jobs"],
        at_least=asked.before >= MOST_BEFORE or before["groups"] >= MOST_GROUPS_BEFORE,
    )


def _urgent_before(group: Row, lane: int) -> int:
    return group["urgent"] if lane else 0


def _nobody(tx: Transaction, group: Row) -> NobodyServes | None:
    rows = tx.rows("binaries_of_app", org_id=group["org_id"], app_version_id=group["app_version_id"])
    return why_nobody_serves(tx, needs_now(requirement_of(group), [binary_of(each) for each in rows]))


def _kept(tx: Transaction, row: Row) -> Kept | None:
    if row["avoid_until_at"] is None or row["avoid_until_at"] <= to_micros(tx.now):
        return None
    worker = find.worker(tx, row["avoid_worker"])
    return Kept(worker=worker.name, until_at=from_micros(row["avoid_until_at"]))


def _drawn(seen: Outlook, row: Row) -> GroupPicture | None:
    """Draw its group as a worker sees it that does not hold its version."""
    groups = () if seen.farm is None else seen.farm.groups
    moving = (MovingGroup(each) for each in groups if each.group_id == row["group_id"])
    return next((each.picture(_NONE, installed=False) for each in moving if each.waiting), None)
