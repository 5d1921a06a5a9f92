"""Make runs and their jobs, many at once: what several of them need is looked up, worked out and written together."""

import json
import secrets
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter
from typing import cast

from qgjob.core.facts import Fact, FactKind
from qgjob.core.group import group_id_of, needs_now
from qgjob.core.identity import ids_at
from qgjob.core.job import DEFAULT_MAX_RETRIES, JobRequest
from qgjob.core.policy import Rule, Standing
from qgjob.core.words import AppVersionId, GroupId, JobId, JobStatus, OrgId, Priority, RunId
from qgjob.core.worker import Requirement
from qgjob.service.books import learning, ledger
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.demand import Demand, demand_for
from qgjob.store import WORK, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import binary_of
from qgjob.store.transaction import Value

_Row = Mapping[str, Value]
_Line = tuple[int, Requirement, Priority]


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """The jobs of one org that are submitted together.

    `retry_budget`: how many retries of failed tests all of them may have together; None: as many as each of them has.
    """

    requests: Sequence[JobRequest]
    retry_budget: int | None = None

    @property
    def org_id(self) -> OrgId:
        """Whose jobs they are."""
        return self.requests[0].org_id


@dataclass(frozen=True, kw_only=True)
class MadeRun:
    """A run in the store. Job ids are in the order of the requests."""

    run_id: RunId
    number: int
    asked: NewRun
    job_ids: list[JobId] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Terms:
    """What all jobs have in common that ask for the same, but for their test and app version. `columns`: as stored."""

    requirement: Requirement
    columns: _Row


def make_runs(tx: Transaction, new: Sequence[NewRun], rule: Rule) -> Sequence[MadeRun]:
    """Make runs of requests that are admitted, in their order, and let their jobs be claimed."""
    if not new:
        return ()
    new_ids = ids_at(tx.now, _noise(len(new) + sum(len(each.requests) for each in new)))
    run_ids = [RunId(next(new_ids)) for _ in new]
    rows = [
        {"run_id": run_id, "org_id": each.org_id, "retry_budget": each.retry_budget, "now": to_micros(tx.now)}
        for run_id, each in zip(run_ids, new, strict=True)
    ]
    made = [
        MadeRun(run_id=run_id, number=row["number"], asked=each)
        for run_id, each, (row,) in zip(run_ids, new, tx.rows_each("insert_run", rows), strict=True)
    ]
    by_org: dict[OrgId, list[MadeRun]] = {}
    for run in made:
        by_org.setdefault(run.asked.org_id, []).append(run)
    jobs = [job for org_id, runs in by_org.items() for job in _jobs(tx, org_id, runs, new_ids, rule)]
    _store(tx, made, jobs)
    for org_id, runs in by_org.items():
        moves.count(tx, org_id, JobStatus.PENDING, sum(len(run.job_ids) for run in runs))
    for run in made:
        data = {"jobs": len(run.job_ids)}
        tx.record(Fact(kind=FactKind.RUN_SUBMITTED, org_id=run.asked.org_id, run_id=run.run_id, data=data))
    return made


def _jobs(
    tx: Transaction, org_id: OrgId, runs: Sequence[MadeRun], new_ids: Iterator[str], rule: Rule
) -> Iterator[_Row]:
    """Work out the jobs of one org's runs as they are stored, and name them in their runs."""
    asked = [(run, request) for run in runs for request in run.asked.requests]
    terms = _terms_of(tx, org_id, [request for _, request in asked])
    groups = _groups(tx, org_id, {(each.app_version_id, own) for (_, each), own in zip(asked, terms, strict=True)})
    times = learning.test_times(tx, org_id, {(each.test_path, each.target) for _, each in asked})
    lines = [(run.number, own.requirement, request.priority) for (run, request), own in zip(asked, terms, strict=True)]
    estimates = [times[request.test_path, request.target] for _, request in asked]
    standings = _standings(tx, org_id, zip(lines, estimates, strict=True), rule)
    for (run, request), own, line, estimate_us in zip(asked, terms, lines, estimates, strict=True):
        job_id = JobId(next(new_ids))
        run.job_ids.append(job_id)
        yield {
            **own.columns,
            "job_id": job_id,
            "run_number": run.number,
            "group_id": groups[request.app_version_id, own],
            "app_version_id": request.app_version_id,
            "test_path": request.test_path,
            "estimate_us": estimate_us,
            "lane": standings[line].lane,
            "due_at": to_micros(standings[line].due_at),
        }


def _standings(
    tx: Transaction, org_id: OrgId, lines: Iterable[tuple[_Line, int]], rule: Rule
) -> Mapping[_Line, Standing]:
    """Give the jobs of each run, requirement and priority their place in line. `lines`: of every job, its estimate."""
    work_us: dict[int, dict[tuple[Requirement, Priority], int]] = {}
    for (run, requirement, priority), estimate_us in lines:
        of_run = work_us.setdefault(run, {})
        of_run[requirement, priority] = of_run.get((requirement, priority), 0) + estimate_us
    demands: dict[Requirement, Demand] = {}
    standings: dict[_Line, Standing] = {}
    for run, of_run in work_us.items():
        for (requirement, priority), work in of_run.items():
            if requirement not in demands:
                demands[requirement] = demand_for(tx, org_id, requirement)
            demands[requirement].add(priority, timedelta(microseconds=work))
        for requirement, priority in of_run:
            standings[run, requirement, priority] = rule.standing(demands[requirement].asked(priority, tx.now))
    return standings


def _noise(numbers: int) -> Iterator[int]:
    """Draw random numbers of 64 bits, all at once: asking the system for each took as long as all else about an id."""
    return iter(struct.unpack(f"{numbers}Q", secrets.token_bytes(8 * numbers)))


def _terms_of(tx: Transaction, org_id: OrgId, requests: Sequence[JobRequest]) -> list[_Terms]:
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
            known[key] = _terms(tx, org_id, request)
        all_terms.append(known[key])
    return all_terms


def _terms(tx: Transaction, org_id: OrgId, request: JobRequest) -> _Terms:
    requirement = Requirement(target=request.target, platform=request.platform, own_project=request.bundle is None)
    columns: dict[str, Value] = {
        "org_id": org_id,
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
        "metadata": json.dumps(request.metadata) if request.metadata else "{}",
        "retry_of": request.retry_of,
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
        requirement=requirement.key,
        needs=needs_now(requirement, [binary_of(row) for row in rows]).key,
        now=tx.now,
    )
    if made is not None:
        ledger.add(tx, org_id, groups=1)


def _store(tx: Transaction, runs: Sequence[MadeRun], jobs: Sequence[_Row]) -> None:
    """Write the jobs, put them on the list, and bring their groups' sums up to date."""
    numbers = [run.number for run in runs]
    tx.send_rows("insert_job", jobs)
    tx.execute("list_runs", run_numbers=numbers)
    if any(job["queue_timeout_s"] is not None for job in jobs):
        tx.execute("limit_waits", run_numbers=numbers)
    by_group: dict[GroupId, list[_Row]] = {}
    for job in jobs:
        by_group.setdefault(cast("GroupId", job["group_id"]), []).append(job)
    for group_id, come in by_group.items():
        waiting.join_group(tx, group_id, come)
    tx.touch(WORK)
