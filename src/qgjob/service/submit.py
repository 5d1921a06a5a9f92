"""Accept jobs: all of a run or none of it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from qgjob.core import policy
from qgjob.core.errors import Conflict
from qgjob.core.facts import Fact, FactKind
from qgjob.core.group import group_id_of, needs_now
from qgjob.core.identity import ids_at
from qgjob.core.job import DEFAULT_MAX_RETRIES, JobRequest
from qgjob.core.words import GroupId, JobId, JobStatus, RunId
from qgjob.core.worker import Requirement
from qgjob.service import find
from qgjob.service.books import learning, ledger
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.admission import admit
from qgjob.store import WORK, Transaction
from qgjob.store.nouns import binary_of
from qgjob.store.transaction import Value


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """Job ids are in the order of the requests."""

    run_id: RunId
    job_ids: tuple[JobId, ...]


@dataclass(frozen=True, kw_only=True)
class _NewJob:
    """A job on its way into the store."""

    job_id: JobId
    group_id: GroupId
    request: JobRequest
    estimate: timedelta


def submit(tx: Transaction, *, requests: Sequence[JobRequest]) -> Submitted:
    """Accept the jobs of one org as one run.

    Raises InvalidRequest naming every item and field at fault: a bundle that was never uploaded, a test path that is
    not in its bundle, no request at all, requests of several orgs. The bounds of the wire are taken as kept.
    """
    admitted = admit(tx, requests)
    org_id = admitted[0].org_id
    new_ids = ids_at(tx.now, iter(partial(secrets.randbits, 62), None))
    run_id = RunId(next(new_ids))
    run_number: int = tx.only("insert_run", run_id=run_id, org_id=org_id, now=tx.now)["number"]
    groups = {key: _group(tx, request) for key, request in {_group_key(each): each for each in admitted}.items()}
    times = {(each.test_path, each.target): learning.test_time(tx, each) for each in admitted}
    jobs = [
        _NewJob(
            job_id=JobId(next(new_ids)),
            group_id=groups[_group_key(request)],
            request=request,
            estimate=times[request.test_path, request.target],
        )
        for request in admitted
    ]
    _store(tx, run_number, jobs)
    moves.count(tx, org_id, JobStatus.PENDING, len(jobs))
    tx.record(Fact(kind=FactKind.RUN_SUBMITTED, org_id=org_id, run_id=run_id, data={"jobs": len(jobs)}))
    return Submitted(run_id=run_id, job_ids=tuple(job.job_id for job in jobs))


def retry(tx: Transaction, *, job_id: JobId) -> Submitted:
    """Submit a finished job once more, as a new job (`retry_of`) in a run of its own.

    Raises NotFound, and Conflict while the job is not final.
    """
    job = find.job(tx, job_id)
    if not job.status.is_final:
        raise Conflict(f"Job {job_id} is {job.status}: only a finished job can be submitted again.")
    return submit(tx, requests=[replace(job.request, retry_of=job_id)])


def _requirement(request: JobRequest) -> Requirement:
    return Requirement(target=request.target, platform=request.platform, own_project=request.bundle is None)


def _group_key(request: JobRequest) -> tuple[str, Requirement]:
    return request.app_version_id, _requirement(request)


def _group(tx: Transaction, request: JobRequest) -> GroupId:
    """Find the group of a request, or make it."""
    requirement = _requirement(request)
    group_id = group_id_of(request.org_id, request.app_version_id, requirement)
    rows = tx.rows("binaries_of_app", org_id=request.org_id, app_version_id=request.app_version_id)
    made = tx.row(
        "find_or_make_group",
        group_id=group_id,
        org_id=request.org_id,
        app_version_id=request.app_version_id,
        target=requirement.target,
        platform=requirement.platform,
        own_project=requirement.own_project,
        needs=needs_now(requirement, [binary_of(row) for row in rows]).key,
        now=tx.now,
    )
    if made is not None:
        ledger.add(tx, request.org_id, groups=1)
    return group_id


def _store(tx: Transaction, run_number: int, jobs: Sequence[_NewJob]) -> None:
    """Write the jobs, put them on the list, and bring their groups' sums up to date."""
    tx.execute_many("insert_job", [_columns(tx, run_number, job) for job in jobs])
    tx.execute("list_run", run_number=run_number)
    times: dict[GroupId, list[timedelta]] = {}
    for job in jobs:
        times.setdefault(job.group_id, []).append(job.estimate)
    for group_id, estimates in sorted(times.items()):
        work = sum(estimates, timedelta(0))
        waiting.add_to_group(tx, group_id, jobs=len(estimates), waiting=len(estimates), work=work)
    tx.touch(WORK)


def _columns(tx: Transaction, run_number: int, job: _NewJob) -> dict[str, Value]:
    request = job.request
    max_retries = DEFAULT_MAX_RETRIES if request.max_retries is None else request.max_retries
    return {
        "job_id": job.job_id,
        "run_number": run_number,
        "group_id": job.group_id,
        "org_id": request.org_id,
        "app_version_id": request.app_version_id,
        "test_path": request.test_path,
        "target": request.target,
        "priority": request.priority,
        "platform": request.platform,
        "bundle": request.bundle,
        "project": request.project,
        "reset": request.reset,
        "asked_retries": request.max_retries,
        "timeout_s": request.timeout_s,
        "metadata": json.dumps(request.metadata),
        "retry_of": request.retry_of,
        "lane": policy.lane_of(request.priority),
        "due_at": policy.due(request.priority, tx.now),
        "estimate_us": job.estimate,
        "now": tx.now,
        "max_retries": max_retries,
    }
