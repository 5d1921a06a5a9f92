"""Agents and workers come, and come back."""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from uuid import uuid4

from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.facts import Fact, FactKind
from qgjob.core.metadata import problem_of
from qgjob.core.requirement import Traits
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.words import AgentId, Proof, Target, WorkerId
from qgjob.service.books import ledger
from qgjob.service.books.holds import holds, holds_nothing
from qgjob.service.jobs.in_hand import open_attempts
from qgjob.service.leasing.release import release
from qgjob.service.needs.matching import match_workers
from qgjob.store import WORK, Row, Transaction
from qgjob.store.nouns import lease_of, names_of, traits_of, worker_of

_ID_DIGITS = 16


def register_agent(tx: Transaction, *, facts: AgentFacts) -> tuple[tuple[str, WorkerId], ...]:
    """Know an agent and its devices: (serial, worker id) in the order of `facts.devices`. Ids stay the same for ever.

    Leases of its workers that are not in `facts.holding` end now: attempts that had begun are lost to infrastructure,
    the other jobs go back free of charge. Its devices that are no longer named are offline.
    """
    tx.settle()  # workers are written under the turn alone, and what was booked of these comes first
    tx.execute(
        "upsert_agent",
        agent_id=facts.agent_id,
        name=facts.name,
        version=facts.version,
        protocol=facts.protocol,
        now=tx.now,
    )
    _end_forgotten_leases(tx, facts)
    before = _own_traits(tx, facts.agent_id)
    named = tuple((device.serial, _know_device(tx, facts, device)) for device in facts.devices)
    workers = tx.rows("workers_of_agent", agent_id=facts.agent_id)
    match_workers(tx, [row for row in workers if before.get(row["worker_id"]) != _traits(row)])
    _miss_devices(tx, workers, present={worker_id for _, worker_id in named})
    fakes = [worker_id for device, (_, worker_id) in zip(facts.devices, named, strict=True) if device.fake]
    data = {"agent_id": facts.agent_id, "name": facts.name, "workers": [worker_id for _, worker_id in named]}
    data |= {"fakes": fakes} if fakes else {}
    tx.record(Fact(kind=FactKind.AGENT_REGISTERED, data=data))
    tx.touch(WORK)
    return named


def register_worker(
    tx: Transaction, *, name: str, targets: Collection[Target], metadata: Mapping[str, object]
) -> WorkerId:
    """Know a protocol-1 worker, which speaks for itself; every registration makes a new one.

    Raises InvalidRequest for metadata beyond its bound.
    """
    if message := problem_of(metadata):
        raise InvalidRequest(f"metadata: {message}", [FieldProblem(field="metadata", message=message)])
    worker_id = WorkerId(f"worker-{uuid4().hex[:_ID_DIGITS]}")
    tx.execute(
        "upsert_worker",
        worker_id=worker_id,
        name=name,
        agent_id=None,
        targets=json.dumps(sorted(targets)),
        platform=None,
        model="",
        os_version="",
        serial="",
        tags=json.dumps([]),
        metadata=json.dumps(metadata),
        has_project=True,
        now=tx.now,
        awake_since_at=tx.now - PROTOCOL1_LEASE,
    )
    match_workers(tx, tx.rows("worker_by_id", worker_id=worker_id))
    tx.record(Fact(kind=FactKind.WORKER_REGISTERED, worker_id=worker_id, data={"name": name}))
    return worker_id


def _end_forgotten_leases(tx: Transaction, facts: AgentFacts) -> None:
    for row in tx.rows("leases_of_agent", agent_id=facts.agent_id):
        lease = lease_of(row)
        if lease.token not in facts.holding:
            still_open = open_attempts(tx, lease.token).values()
            release(tx, lease, still_open, because="its agent has started again and does not work on it any more")


def _know_device(tx: Transaction, facts: AgentFacts, device: DeviceFacts) -> WorkerId:
    worker_id = _worker_id(facts.agent_id, device.serial)
    tx.execute(
        "upsert_worker",
        worker_id=worker_id,
        name=f"{facts.name}/{device.serial}{' (fake)' if device.fake else ''}",
        agent_id=facts.agent_id,
        targets=json.dumps([device.target]),
        platform=device.platform,
        model=device.model,
        os_version=device.os_version,
        serial=device.serial,
        tags=json.dumps(sorted(device.tags)),
        metadata=json.dumps({}),
        has_project=facts.has_project,
        now=tx.now,
        awake_since_at=tx.now - SILENT_AFTER,
    )
    _believe_device(tx, worker_id, device)
    return worker_id


def _worker_id(agent_id: AgentId, serial: str) -> WorkerId:
    """Name the worker: the same agent and serial always give the same id."""
    return WorkerId("worker-" + sha256(f"{agent_id}\0{serial}".encode()).hexdigest()[:_ID_DIGITS])


def _believe_device(tx: Transaction, worker_id: WorkerId, device: DeviceFacts) -> None:
    """Correct what we think a device holds by what it says itself: it may have been wiped or used by others."""
    row = tx.only("worker_by_id", worker_id=worker_id)
    worker = worker_of(row, tx.now)
    thought, found = worker.installed, device.installed
    if thought is not None and found is not None and thought.sha256 == found.sha256:
        return
    if row["lease"] is None:
        ledger.idled(tx, worker, idle_us=row["warm_us"])
    known = None if found is None else tx.row("binary_with_hash", sha256=found.sha256)
    if known is None:
        holds_nothing(tx, worker_id)
        return
    holds(
        tx,
        worker_id,
        org_id=known["org_id"],
        app_version_id=known["app_version_id"],
        sha256=known["sha256"],
        package=known["package"],
        proof=Proof.CONTENT_HASH,
        at=tx.now,
    )


def _miss_devices(tx: Transaction, workers: Iterable[Row], *, present: Collection[WorkerId]) -> None:
    for row in workers:
        if row["worker_id"] not in present:
            tx.execute("worker_is_gone", worker_id=row["worker_id"])


def _own_traits(tx: Transaction, agent_id: AgentId) -> Mapping[WorkerId, Traits]:
    return {row["worker_id"]: _traits(row) for row in tx.rows("workers_of_agent", agent_id=agent_id)}


def _traits(row: Row) -> Traits:
    return traits_of(row, names=names_of(row))
