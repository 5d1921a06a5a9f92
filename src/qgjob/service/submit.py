"""Accept jobs: all of a run or none of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qgjob.core.errors import Conflict, InvalidRequest, NoWorker
from qgjob.core.job import Job, JobRequest
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.unmet import Unserved
from qgjob.core.words import JobId, JobStatus, RunId
from qgjob.service import find
from qgjob.service.jobs.admission import Bundles, admit, refuse_unserved
from qgjob.service.jobs.making import MadeRun, NewRun, make_runs
from qgjob.service.needs.standing import unserved
from qgjob.service.supersede import take_place
from qgjob.store import Transaction
from qgjob.store.nouns import job_of


@dataclass(frozen=True, kw_only=True)
class UnservedJobs:
    """So many jobs wait for a worker that is not there; `why`: what it would have to be."""

    jobs: int
    why: Unserved


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """Job ids are in the order of the requests. `unserved`: those that nobody could serve at that moment."""

    run_id: RunId
    job_ids: tuple[JobId, ...]
    unserved: tuple[UnservedJobs, ...] = ()


Refusal = InvalidRequest | NoWorker


def submit(
    tx: Transaction,
    *,
    requests: Sequence[JobRequest],
    retry_budget: int | None = None,
    require_worker: bool = False,
    supersede: str | None = None,
    rule: Rule = SHIPPED,
) -> Submitted:
    """Accept the jobs of one org as one run. With `supersede` it takes the place of the older runs with that key.

    Raises InvalidRequest naming every item and field at fault: a bundle that was never uploaded, a test path that is
    not in its bundle, no request at all, requests of several orgs. The bounds of the wire are taken as kept. With
    `require_worker` raises NoWorker when nobody could serve one of the jobs now.
    """
    new = NewRun(requests=requests, retry_budget=retry_budget, require_worker=require_worker, supersede=supersede)
    (outcome,) = submit_each(tx, [new], rule)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def submit_each(tx: Transaction, new: Sequence[NewRun], rule: Rule = SHIPPED) -> list[Submitted | Refusal]:
    """Accept several runs, each as `submit` does, much faster than one by one; one that is refused harms no other."""
    bundles = Bundles(tx)
    checked = [_checked(tx, each, bundles) for each in new]
    made = make_runs(tx, [each for each in checked if isinstance(each, NewRun)], rule)
    for run in made:
        if run.asked.supersede is not None:
            take_place(tx, run.run_id, org_id=run.asked.org_id, key=run.asked.supersede)
    reasons = unserved(tx, {needs for run in made for needs in run.needs})
    submitted = (_submitted(run, reasons) for run in made)
    return [each if isinstance(each, Refusal) else next(submitted) for each in checked]


def retry(tx: Transaction, *, job_id: JobId, rule: Rule = SHIPPED) -> Submitted:
    """Submit a finished job once more, as a new job (`retry_of`) in a run of its own.

    Raises NotFound, and Conflict while the job is not final.
    """
    job = find.job(tx, job_id)
    if not job.status.is_final:
        raise Conflict(f"Job {job_id} is {job.status}: only a finished job can be submitted again.")
    return submit(tx, requests=[_again(job)], rule=rule)


def retry_run(tx: Transaction, *, run_id: RunId, only_failed: bool, rule: Rule = SHIPPED) -> Submitted:
    """Submit the jobs of a finished run once more, as a new run of new jobs (`retry_of`) that supersedes nobody.

    `only_failed`: those alone that did not pass. Raises NotFound; Conflict while a job is not final, and when there is
    nothing to be submitted.
    """
    run = find.run(tx, run_id)
    jobs = [job_of(row) for row in tx.rows("jobs_of_run", run_number=run["number"])]
    going = sum(not job.status.is_final for job in jobs)
    if going:
        raise Conflict(f"{going} jobs of run {run_id} are still going: wait for them, or cancel the run.")
    chosen = [job for job in jobs if not only_failed or job.status is not JobStatus.COMPLETED]
    if not chosen:
        raise Conflict(f"Every job of run {run_id} passed: there is nothing to submit again.")
    return submit(
        tx,
        requests=[_again(job) for job in chosen],
        retry_budget=run["retry_budget"],
        rule=rule,
    )


def _again(job: Job) -> JobRequest:
    """Ask for a job once more; its deadline was the first one's."""
    return replace(job.request, retry_of=job.job_id, deadline_at=None)


def _checked(tx: Transaction, new: NewRun, bundles: Bundles) -> NewRun | Refusal:
    try:
        admitted = replace(new, requests=admit(new.requests, bundles, now=tx.now))
        if new.require_worker:
            refuse_unserved(tx, admitted.requests)
    except (InvalidRequest, NoWorker) as refusal:
        return refusal
    return admitted


def _submitted(run: MadeRun, reasons: Mapping[str, Unserved]) -> Submitted:
    waiting = tuple(UnservedJobs(jobs=jobs, why=reasons[key]) for key, jobs in run.needs.items() if key in reasons)
    return Submitted(run_id=run.run_id, job_ids=tuple(run.job_ids), unserved=waiting)
