"""Accept jobs: all of a run or none of it."""

import json
import secrets
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import itemgetter
from typing import cast

from qgjob.core import policy
from qgjob.core.errors import Conflict
from qgjob.core.facts import Fact, FactKind
from qgjob.core.group import group_id_of, needs_now
from qgjob.core.identity import ids_at
from qgjob.core.job import DEFAULT_MAX_RETRIES, JobRequest
from qgjob.core.words import AppVersionId, GroupId, JobId, JobStatus, OrgId, RunId
from qgjob.core.worker import Requirement
from qgjob.service import find
from qgjob.service.books import learning, ledger
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.admission import admit
from qgjob.store import WORK, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import binary_of, job_of
from qgjob.store.transaction import Value


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """Job ids are in the order of the requests."""

    run_id: RunId
    job_ids: tuple[JobId, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Terms:
    """What all jobs have in common that ask for the same, but for their test and app version. `columns`: as stored."""

    requirement: Requirement
    columns: Mapping[str, Value]


def submit(tx: Transaction, *, requests: Sequence[JobRequest], retry_budget: int | None = None) -> Submitted:
    """Accept the jobs of one org as one run.

    `retry_budget`: how many retries of failed tests all of them may have together; None: as many as each of them has.

    Raises InvalidRequest naming every item and field at fault: a bundle that was never uploaded, a test path that is
    not in its bundle, no request at all, requests of several orgs. The bounds of the wire are taken as kept.
    """
    admitted = admit(tx, requests)
    org_id = admitted[0].org_id
    new_ids = ids_at(tx.now, _noise(len(admitted) + 1))
    run_id = RunId(next(new_ids))
    made = tx.only("insert_run", run_id=run_id, org_id=org_id, retry_budget=retry_budget, now=tx.now)
    run_number: int = made["number"]
    terms = _terms_of(tx, run_number, admitted)
    groups = _groups(tx, org_id, {(each.app_version_id, own) for each, own in zip(admitted, terms, strict=True)})
    times = learning.test_times(tx, org_id, {(each.test_path, each.target) for each in admitted})
    jobs: list[Mapping[str, Value]] = [
        {
            **own.columns,
            "job_id": next(new_ids),
            "group_id": groups[request.app_version_id, own],
            "app_version_id": request.app_version_id,
            "test_path": request.test_path,
            "estimate_us": times[request.test_path, request.target],
        }
        for request, own in zip(admitted, terms, strict=True)
    ]
    _store(tx, run_number, jobs)
    moves.count(tx, org_id, JobStatus.PENDING, len(jobs))
    tx.record(Fact(kind=FactKind.RUN_SUBMITTED, org_id=org_id, run_id=run_id, data={"jobs": len(jobs)}))
    return Submitted(run_id=run_id, job_ids=tuple(JobId(str(job["job_id"])) for job in jobs))


def retry(tx: Transaction, *, job_id: JobId) -> Submitted:
    """Submit a finished job once more, as a new job (`retry_of`) in a run of its own.

    Raises NotFound, and Conflict while the job is not final.
    """
    job = find.job(tx, job_id)
    if not job.status.is_final:
        raise Conflict(f"Job {job_id} is {job.status}: only a finished job can be submitted again.")
    return submit(tx, requests=[replace(job.request, retry_of=job_id)])


def retry_run(tx: Transaction, *, run_id: RunId, only_failed: bool) -> Submitted:
    """Submit the jobs of a finished run once more, as a new run of new jobs (`retry_of`).

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
        requests=[replace(job.request, retry_of=job.job_id) for job in chosen],
        retry_budget=run["retry_budget"],
    )


def _noise(numbers: int) -> Iterator[int]:
    """Draw random numbers of 64 bits, all at once: asking the system for each took as long as all else about an id."""
    return iter(struct.unpack(f"{numbers}Q", secrets.token_bytes(8 * numbers)))


def _terms_of(tx: Transaction, run_number: int, requests: Sequence[JobRequest]) -> list[_Terms]:
    """Find the terms of each request; equal ones are the same object."""
    known: dict[tuple[object, ...], _Terms] = {}
    all_terms: list[_Terms] = []
    for request in requests:
        key = (
            request.target, request.priority, request.platform, request.bundle, request.project, request.reset,
            request.max_retries, request.timeout_s, request.idle_timeout_s, request.queue_timeout_s,
            id(request.metadata) if request.metadata else None, request.retry_of,
        )  # fmt: skip
        if key not in known:
            known[key] = _terms(tx, run_number, request)
        all_terms.append(known[key])
    return all_terms


def _terms(tx: Transaction, run_number: int, request: JobRequest) -> _Terms:
    requirement = Requirement(target=request.target, platform=request.platform, own_project=request.bundle is None)
    columns: dict[str, Value] = {
        "run_number": run_number,
        "org_id": request.org_id,
        "target": request.target.value,
        "priority": request.priority.value,
        "platform": None if request.platform is None else request.platform.value,
        "bundle": request.bundle,
        "project": request.project,
        "reset": request.reset.value,
        "asked_retries": request.max_retries,
        "timeout_s": request.timeout_s,
        "idle_timeout_s": request.idle_timeout_s,
        "queue_timeout_s": request.queue_timeout_s,
        "metadata": json.dumps(request.metadata),
        "retry_of": request.retry_of,
        "lane": policy.lane_of(request.priority),
        "due_at": to_micros(policy.due(request.priority, tx.now)),
        "now": to_micros(tx.now),
        "max_retries": DEFAULT_MAX_RETRIES if request.max_retries is None else request.max_retries,
    }
    return _Terms(requirement=requirement, columns=columns)


def _groups(
    tx: Transaction, org_id: OrgId, wanted: Collection[tuple[AppVersionId, _Terms]]
) -> Mapping[tuple[AppVersionId, _Terms], GroupId]:
    """Find the groups of app versions and terms, or make them."""
    ids = {key: group_id_of(org_id, key[0], key[1].requirement) for key in wanted}
    known = {row["group_id"] for row in tx.rows("known_groups", group_ids=sorted(set(ids.values())))}
    unknown = {group_id: key for key, group_id in ids.items() if group_id not in known}
    for group_id, (app_version_id, terms) in sorted(unknown.items(), key=itemgetter(0)):
        _make_group(tx, group_id, org_id=org_id, app_version_id=app_version_id, requirement=terms.requirement)
    return ids


def _make_group(
    tx: Transaction, group_id: GroupId, *, org_id: OrgId, app_version_id: AppVersionId, requirement: Requirement
) -> None:
    """Make a group, unless somebody else is just making it."""
    rows = tx.rows("binaries_of_app", org_id=org_id, app_version_id=app_version_id)
    made = tx.row(
        "find_or_make_group",
        group_id=group_id,
        org_id=org_id,
        app_version_id=app_version_id,
        target=requirement.target,
        platform=requirement.platform,
        own_project=requirement.own_project,
        needs=needs_now(requirement, [binary_of(row) for row in rows]).key,
        now=tx.now,
    )
    if made is not None:
        ledger.add(tx, org_id, groups=1)


def _store(tx: Transaction, run_number: int, jobs: Sequence[Mapping[str, Value]]) -> None:
    """Write the jobs, put them on the list, and bring their groups' sums up to date."""
    tx.execute_many("insert_job", jobs)
    tx.execute("list_run", run_number=run_number)
    if any(job["queue_timeout_s"] is not None for job in jobs):
        tx.execute("limit_waits", run_number=run_number)
    sums: dict[GroupId, list[int]] = {}
    for job in jobs:
        of_group = sums.setdefault(GroupId(str(job["group_id"])), [0, 0])
        of_group[0] += 1
        of_group[1] += cast("int", job["estimate_us"])
    for group_id, (count, work_us) in sorted(sums.items()):
        waiting.add_to_group(tx, group_id, jobs=count, waiting=count, work=timedelta(microseconds=work_us))
    tx.touch(WORK)
