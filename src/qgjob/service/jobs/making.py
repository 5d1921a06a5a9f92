"""Make runs and their jobs, many at once: what several of them need is looked up, worked out and written together."""

import json
import secrets
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from qgjob.core.facts import Fact, FactKind
from qgjob.core.identity import ids_at
from qgjob.core.job import DEFAULT_MAX_RETRIES, JobRequest
from qgjob.core.policy import Rule
from qgjob.core.requirement import Requirement, requirement_for
from qgjob.core.words import GroupId, JobId, JobStatus, OrgId, RunId
from qgjob.service.books import learning
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.demand import demand_for
from qgjob.service.jobs.grouping import groups_for, platforms_for
from qgjob.service.jobs.joining import Like, like_of, open_for, open_runs
from qgjob.service.jobs.places_in_line import Line, standings_of
from qgjob.store import WORK, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.transaction import Value

_Row = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """The jobs of one org that are submitted together.

    `retry_budget`: how many retries of failed tests all of them may have together; None: as many as each of them has.
    `require_worker`: none of them is to be accepted while nobody could serve one of them. `supersede`: the older runs
    of the org with this key make room. `joins`: they may join the run of their like.
    """

    requests: Sequence[JobRequest]
    retry_budget: int | None = None
    require_worker: bool = False
    supersede: str | None = None
    joins: bool = False

    @property
    def org_id(self) -> OrgId:
        """Whose jobs they are."""
        return self.requests[0].org_id


@dataclass(frozen=True, kw_only=True)
class MadeRun:
    """A run in the store. Job ids are in the order of the requests; `needs` counts them by their requirement's key.

    `joined`: it was there before.
    """

    run_id: RunId
    number: int
    joined: bool
    asked: NewRun
    job_ids: list[JobId] = field(default_factory=list)
    needs: Counter[str] = field(default_factory=Counter)


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
    made = _runs_for(tx, new, new_ids)
    by_org: dict[OrgId, list[MadeRun]] = {}
    for run in made:
        by_org.setdefault(run.asked.org_id, []).append(run)
    jobs = [job for org_id, runs in by_org.items() for job in _jobs(tx, org_id, runs, new_ids, rule)]
    _store(tx, made, jobs)
    for org_id, runs in by_org.items():
        moves.count(tx, org_id, JobStatus.PENDING, sum(len(run.job_ids) for run in runs))
    _tell(tx, made)
    return made


def _runs_for(tx: Transaction, new: Sequence[NewRun], new_ids: Iterator[str]) -> list[MadeRun]:
    """Find the run that each of them joins, or make one; those alike that come together make one together."""
    likes = [like_of(each.requests[0]) if each.joins else None for each in new]
    known = open_runs(tx, [like for like in likes if like is not None])
    together: dict[Like | int, list[NewRun]] = {}
    for place, (each, like) in enumerate(zip(new, likes, strict=True)):
        together.setdefault(place if like is None else like, []).append(each)
    made: dict[Like | int, tuple[RunId, int]] = {
        like: (RunId(row["run_id"]), row["number"]) for like, row in known.items()
    }
    unknown = [key for key in together if key not in made]
    rows = [_run_row(tx, RunId(next(new_ids)), together[key]) for key in unknown]
    for key, row, (answer,) in zip(unknown, rows, tx.rows_each("insert_run", rows), strict=True):
        run_id = RunId(cast("str", row["run_id"]))
        made[key] = run_id, answer["number"]
        if not isinstance(key, int):
            open_for(tx, key, run_id)
    runs: list[MadeRun] = []
    for place, (each, like) in enumerate(zip(new, likes, strict=True)):
        run_id, number = made[place if like is None else like]
        runs.append(MadeRun(run_id=run_id, number=number, joined=like in known, asked=each))
    return runs


def _run_row(tx: Transaction, run_id: RunId, of: Sequence[NewRun]) -> _Row:
    return {
        "run_id": run_id,
        "org_id": of[0].org_id,
        "retry_budget": of[0].retry_budget,
        "supersede": of[0].supersede,
        "jobs": sum(len(each.requests) for each in of),
        "now": to_micros(tx.now),
    }


def _tell(tx: Transaction, made: Sequence[MadeRun]) -> None:
    """Tell each run how many jobs have come, and count those that came to one that was there."""
    come: dict[RunId, int] = {}
    for run in made:
        come[run.run_id] = come.get(run.run_id, 0) + len(run.job_ids)
    for run in {run.run_id: run for run in made}.values():
        jobs = come[run.run_id]
        kind = FactKind.RUN_JOINED if run.joined else FactKind.RUN_SUBMITTED
        if run.joined:
            tx.add("add_to_run", {"run_id": run.run_id}, jobs=jobs, waiting=jobs)
        tx.record(Fact(kind=kind, org_id=run.asked.org_id, run_id=run.run_id, data={"jobs": jobs}))


def _jobs(
    tx: Transaction, org_id: OrgId, runs: Sequence[MadeRun], new_ids: Iterator[str], rule: Rule
) -> Iterator[_Row]:
    """Work out the jobs of one org's runs as they are stored, and name them in their runs."""
    asked = [(run, request) for run in runs for request in run.asked.requests]
    terms = _terms_of(tx, org_id, [request for _, request in asked])
    shared = {
        (each.app_version_id, own): (each.app_version_id, own.requirement)
        for (_, each), own in zip(asked, terms, strict=True)
    }
    wanted = set(shared.values())
    of_group, of_platform = groups_for(tx, org_id, wanted), platforms_for(tx, org_id, wanted)
    groups = {key: of_group[each] for key, each in shared.items()}
    platforms = {key: of_platform[each] for key, each in shared.items()}
    tests = [
        (each.test_path, each.target, platforms[each.app_version_id, own])
        for (_, each), own in zip(asked, terms, strict=True)
    ]
    times = learning.test_times(tx, org_id, set(tests))
    estimates = [times[test] for test in tests]
    lines = [
        Line(run.number, own.requirement, request.priority, request.deadline_at)
        for (run, request), own in zip(asked, terms, strict=True)
    ]
    demand = partial(demand_for, tx, org_id)
    standings = standings_of(zip(lines, estimates, strict=True), demand, rule, now=tx.now)
    for (run, request), own, line, estimate_us in zip(asked, terms, lines, estimates, strict=True):
        job_id = JobId(next(new_ids))
        run.job_ids.append(job_id)
        group_id, needs = groups[request.app_version_id, own]
        run.needs[needs] += 1
        yield {
            **own.columns,
            "job_id": job_id,
            "run_number": run.number,
            "group_id": group_id,
            "app_version_id": request.app_version_id,
            "test_path": request.test_path,
            "estimate_us": estimate_us,
            "lane": standings[line].lane,
            "due_at": to_micros(standings[line].due_at),
        }


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
            id(request.metadata) if request.metadata else None, request.retry_of, request.os_version, request.model,
            request.tags, request.pin, request.only, request.deadline_at, request.grep,
        )  # fmt: skip
        if key not in known:
            known[key] = _terms(tx, org_id, request)
        all_terms.append(known[key])
    return all_terms


def _terms(tx: Transaction, org_id: OrgId, request: JobRequest) -> _Terms:
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
        "deadline_at": None if request.deadline_at is None else to_micros(request.deadline_at),
        "grep": request.grep,
        "metadata": json.dumps(request.metadata) if request.metadata else "{}",
        "retry_of": request.retry_of,
        "os_version": request.os_version,
        "model": request.model,
        "tags": json.dumps(request.tags) if request.tags else None,
        "pin": request.pin,
        "pin_only": request.only,
        "now": to_micros(tx.now),
        "max_retries": DEFAULT_MAX_RETRIES if request.max_retries is None else request.max_retries,
    }
    return _Terms(requirement=requirement_for(request), columns=columns)


def _store(tx: Transaction, runs: Sequence[MadeRun], jobs: Sequence[_Row]) -> None:
    """Write the jobs, put them on the list, and bring their groups' sums up to date."""
    tx.send_rows("insert_job", jobs)
    limited = any(job["queue_timeout_s"] is not None for job in jobs)
    numbers = sorted({run.number for run in runs if not run.joined})
    if numbers:
        tx.execute("list_runs", run_numbers=numbers)
        if limited:
            tx.execute("limit_waits", run_numbers=numbers)
    joined = [job_id for run in runs if run.joined for job_id in run.job_ids]
    if joined:
        tx.execute("list_jobs", job_ids=joined)
        if limited:
            tx.execute("limit_waits_of_jobs", job_ids=joined)
    by_group: dict[GroupId, list[_Row]] = {}
    for job in jobs:
        by_group.setdefault(cast("GroupId", job["group_id"]), []).append(job)
    for group_id, come in by_group.items():
        waiting.join_group(tx, group_id, come)
    tx.touch(WORK)
