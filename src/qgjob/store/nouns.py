"""Rows become core values, here and nowhere else. Columns have the names of the fields that they fill."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from qgjob.core.app import AppBinary, AppVersion
from qgjob.core.attempt import Attempt, Case, CaseCounts, CaseResult
from qgjob.core.evidence import Evidence
from qgjob.core.facts import Fact, FactKind, RecordedFact
from qgjob.core.history import Result
from qgjob.core.job import Job, JobRequest
from qgjob.core.keeping import Wish
from qgjob.core.lease import HeldLease
from qgjob.core.mute import Mute
from qgjob.core.os_range import os_range
from qgjob.core.pin import pin_of
from qgjob.core.quarantine import Conduct
from qgjob.core.requirement import Requirement, Traits
from qgjob.core.words import (
    AgentId,
    BinaryKind,
    CaseOutcome,
    CaseStatus,
    Fault,
    JobStatus,
    Loss,
    Platform,
    Priority,
    Proof,
    ResetMode,
    Target,
    Verdict,
)
from qgjob.core.worker import Installed, Worker, status_of
from qgjob.core.worker_class import class_of_key
from qgjob.store.clock import from_micros
from qgjob.store.dialect import Row, Value

_OUTCOMES = {outcome.value: outcome for outcome in CaseOutcome}
"""Read from here thirty times for every case of a job that ends."""


def job_of(row: Row) -> Job:
    """Read a job; the row has `run_id` beside the columns of `jobs`."""
    return Job(
        job_id=row["job_id"],
        run_id=row["run_id"],
        group_id=row["group_id"],
        request=_request_of(row),
        status=JobStatus(row["status"]),
        verdict=verdict_of(row),
        created_at=from_micros(row["created_at"]),
        updated_at=from_micros(row["updated_at"]),
        started_at=time_of(row["started_at"]),
        completed_at=time_of(row["completed_at"]),
        worker_id=row["worker_id"],
        lease=row["lease"],
        attempt=row["attempt"],
        retry_count=row["retry_count"],
        infra_count=row["infra_count"],
        max_retries=row["max_retries"],
        cancel_requested=bool(row["cancel_requested"]),
        result=None if row["result"] is None else json.loads(row["result"]),
        error_message=row["error_message"],
        excused=bool(row["excused"]),
    )


def _request_of(row: Row) -> JobRequest:
    return JobRequest(
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        test_path=row["test_path"],
        target=Target(row["target"]),
        priority=Priority(row["priority"]),
        platform=platform_of(row),
        bundle=row["bundle"],
        project=row["project"],
        reset=ResetMode(row["reset"]),
        max_retries=row["asked_retries"],
        timeout_s=row["timeout_s"],
        idle_timeout_s=row["idle_timeout_s"],
        queue_timeout_s=row["queue_timeout_s"],
        deadline_at=time_of(row["deadline_at"]),
        grep=row["grep"],
        metadata=json.loads(row["metadata"]),
        retry_of=row["retry_of"],
        os_version=row["os_version"],
        model=row["model"],
        tags=() if row["tags"] is None else tuple(json.loads(row["tags"])),
        pin=row["pin"],
        only=bool(row["pin_only"]),
    )


def attempt_of(row: Row) -> Attempt:
    """Read an attempt."""
    return Attempt(
        job_id=row["job_id"],
        number=row["number"],
        lease=row["lease"],
        worker_id=row["worker_id"],
        started_at=time_of(row["started_at"]),
        ended_at=time_of(row["ended_at"]),
        verdict=verdict_of(row),
        fault=None if row["fault"] is None else Fault(row["fault"]),
        message=row["message"],
        seconds=row["seconds"],
        sessions=row["sessions"],
        counts=counts_of(row),
        late=bool(row["late"]),
        loss=None if row["loss"] is None else Loss(row["loss"]),
    )


def counts_of(row: Row) -> CaseCounts:
    """Read the counts of cases of a job, an attempt or a run; a sum over nothing is NULL and means 0."""
    return CaseCounts(
        passed=row["passed"] or 0,
        failed=row["failed"] or 0,
        flaky=row["flaky"] or 0,
        skipped=row["skipped"] or 0,
        not_run=row["not_run"] or 0,
    )


def case_of(row: Row) -> CaseResult:
    """Read one execution of a case."""
    return CaseResult(
        case=Case(
            case_id=row["case_id"],
            title=row["title"],
            file=row["file"],
            line=row["line"],
            select_line=row["select_line"],
        ),
        status=CaseStatus(row["status"]),
        expected=CaseStatus(row["expected"]),
        seconds=row["seconds"],
        errors=tuple(json.loads(row["errors"])),
        session=bool(row["session"]),
    )


def past_result_of(row: Row) -> Result:
    """Read what a case came to in a job."""
    return Result(
        outcome=_OUTCOMES[row["outcome"]],
        took=length_of(row["took_us"]),
        app_version_id=row["app_version_id"],
        kind=row["kind"],
        failing_since_at=time_of(row["failing_since_at"]),
    )


def mute_of(row: Row) -> Mute:
    """Read a mute."""
    return Mute(
        org_id=row["org_id"],
        case_id=row["case_id"],
        owner=row["owner"],
        until_at=from_micros(row["until_at"]),
        reason=row["reason"],
        created_at=from_micros(row["created_at"]),
    )


def worker_of(row: Row, now: datetime) -> Worker:
    """Read a worker, with its status as of `now`; what it runs is not in its row."""
    agent_id: AgentId | None = row["agent_id"]
    seen_at = from_micros(row["seen_at"])
    conduct = conduct_of(row)
    status = status_of(
        busy=row["lease"] is not None,
        present=bool(row["present"]),
        draining=bool(row["draining"]),
        quarantined=conduct.is_in_quarantine(now),
        protocol1=agent_id is None,
        silent_for=now - seen_at,
    )
    return Worker(
        worker_id=row["worker_id"],
        name=row["name"],
        agent_id=agent_id,
        targets=frozenset(Target(target) for target in json.loads(row["targets"])),
        platform=platform_of(row),
        model=row["model"],
        os_version=row["os_version"],
        serial=row["serial"],
        tags=frozenset(json.loads(row["tags"])),
        has_project=bool(row["has_project"]),
        status=status,
        installed=_installed_of(row),
        last_heartbeat=seen_at,
        conduct=conduct,
        draining=bool(row["draining"]),
        metadata=json.loads(row["metadata"]),
    )


def conduct_of(row: Row) -> Conduct:
    """Read how a worker has done lately."""
    return Conduct(
        faults_in_a_row=row["faults_in_a_row"],
        until_at=time_of(row["quarantined_until_at"]),
        reason=row["quarantine_reason"],
    )


def _installed_of(row: Row) -> Installed | None:
    if row["hold_org_id"] is None:
        return None
    return Installed(
        org_id=row["hold_org_id"],
        app_version_id=row["hold_app_version_id"],
        sha256=row["hold_sha256"],
        package=row["hold_package"],
        proof=Proof(row["hold_proof"]),
        installed_at=from_micros(row["hold_at"]),
    )


def lease_of(row: Row) -> HeldLease:
    """Read a lease."""
    return HeldLease(
        token=row["token"],
        worker_id=row["worker_id"],
        agent_id=row["agent_id"],
        group_id=row["group_id"],
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        sha256=row["sha256"],
        bundle=row["bundle"],
        project=row["project"],
        reset=ResetMode(row["reset"]),
        reason=row["reason"],
        granted_at=from_micros(row["granted_at"]),
        deadline_at=from_micros(row["deadline_at"]),
        busy_until_at=from_micros(row["busy_until_at"]),
        last_seq=row["last_seq"],
        proof=Proof(row["proof"]),
        install_fault=None if row["install_fault"] is None else Fault(row["install_fault"]),
        install_message=row["install_message"],
        suspect=bool(row["suspect"]),
        worker_class=class_of_key(row["worker_class"]),
        charged_run=row["charged_run"],
        ended_at=time_of(row["ended_at"]),
    )


def requirement_of(row: Row) -> Requirement:
    """Read what a group asks of a device, or one of the requirements there are."""
    return Requirement(
        target=Target(row["target"]),
        platform=platform_of(row),
        own_project=bool(row["own_project"]),
        os_version=None if row["os_version"] is None else os_range(row["os_version"]),
        model=row["model"],
        tags=frozenset() if row["tags"] is None else frozenset(json.loads(row["tags"])),
        device=row["device"],
    )


def columns_of(requirement: Requirement) -> Mapping[str, Value]:
    """Write what a device must be as `requirement_of` reads it."""
    return {
        "target": requirement.target,
        "platform": requirement.platform,
        "own_project": requirement.own_project,
        "os_version": None if requirement.os_version is None else str(requirement.os_version),
        "model": requirement.model,
        "tags": json.dumps(sorted(requirement.tags)) if requirement.tags else None,
        "device": requirement.device,
    }


def traits_of(row: Row, *, names: Collection[str] = ()) -> Traits:
    """Read what of a worker decides which requirements it meets, or of several that are equal in it."""
    return Traits(
        targets=frozenset(Target(target) for target in json.loads(row["targets"])),
        platform=platform_of(row),
        has_project=bool(row["has_project"]),
        os_version=row["os_version"],
        model=row["model"],
        tags=frozenset(json.loads(row["tags"])),
        names=frozenset(names),
    )


def names_of(row: Row) -> frozenset[str]:
    """Read what a worker may be called."""
    return frozenset({row["worker_id"], row["name"], row["serial"]})


def wish_of(row: Row) -> Wish:
    """Read where a waiting job should rather run, from a row of `ready_jobs`."""
    soft = row["pin"] is not None and not row["pin_only"]
    return Wish(
        waits_since_at=from_micros(row["updated_at"]),
        avoid_worker=row["avoid_worker"],
        avoid_until_at=time_of(row["avoid_until_at"]),
        pin=pin_of(row["pin"]) if soft else None,
    )


def binary_of(row: Row) -> AppBinary:
    """Read a binary."""
    return AppBinary(
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        platform=Platform(row["platform"]),
        kind=BinaryKind(row["kind"]),
        package=row["package"],
        version_name=row["version_name"],
        version_code=row["version_code"],
        launch_activity=row["launch_activity"],
    )


def app_version_of(row: Row) -> AppVersion:
    """Read a binary together with the app version that it stands for."""
    return AppVersion(
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        binary=binary_of(row),
        uploaded_at=from_micros(row["uploaded_at"]),
    )


def evidence_of(row: Row) -> Evidence:
    """Read a piece of evidence."""
    return Evidence(
        job_id=row["job_id"],
        attempt=row["attempt"],
        name=row["name"],
        kind=row["kind"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        stored_at=from_micros(row["stored_at"]),
    )


def fact_of(row: Row) -> RecordedFact:
    """Read a fact."""
    fact = Fact(
        kind=FactKind(row["kind"]),
        org_id=row["org_id"],
        run_id=row["run_id"],
        job_id=row["job_id"],
        worker_id=row["worker_id"],
        data=json.loads(row["data"]),
    )
    return RecordedFact(fact_id=row["fact_id"], at=from_micros(row["at"]), fact=fact)


def platform_of(row: Row) -> Platform | None:
    """Read a platform; None: any."""
    return None if row["platform"] is None else Platform(row["platform"])


def verdict_of(row: Row) -> Verdict | None:
    """Read a verdict; None: there is none yet."""
    return None if row["verdict"] is None else Verdict(row["verdict"])


def time_of(micros: int | None) -> datetime | None:
    """Read a time that may be missing."""
    return None if micros is None else from_micros(micros)


def length_of(micros: int) -> timedelta:
    """Read a length of time."""
    return timedelta(microseconds=micros)


def share_of(millionths: int | None) -> float | None:
    """Read a figure that is stored as millionths; None: there is none."""
    return None if millionths is None else millionths / 1_000_000
