"""A farm inside a store, made through the shipping verbs alone: apps, a bundle, an agent with its workers, jobs."""

import asyncio
import json
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from bench.databases import path_of
from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.app import AppBinary
from qgjob.core.job import JobRequest
from qgjob.core.lease import AttemptEnded, AttemptStarted, InstallDone, Lease, LeaseEnded, LeaseEvent
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    BinaryKind,
    OrgId,
    Platform,
    Proof,
    Sha256,
    Target,
    Verdict,
    WorkerId,
)
from qgjob.service import apps
from qgjob.service.claim import claim
from qgjob.service.fleet import register_agent
from qgjob.service.progress import report
from qgjob.service.submit import submit
from qgjob.store import Store, Transaction
from qgjob.wire.agents import AGENT_PROTOCOL

T = TypeVar("T")

ORG = OrgId("bench")
AGENT = AgentId("bench-agent")
BUNDLE = Sha256("b" * 64)
PACKAGE = "org.example.bench"
SPECS = tuple(f"tests/spec-{number:03}.spec.ts" for number in range(100))
JOBS_A_LEASE = 10
TEST_S = 3.0
"""What each spec is known to take: ten of them are the 30 s of work of a full lease."""
INSTALL_S = 10.0
JOBS_A_RUN = 10_000
_BINARIES_A_VERB = 1000


def open_store(url: str) -> Store:
    """Open the store that a `sqlite:///` or `postgresql://` URL names."""
    return Store.open(path_of(url) if url.startswith("sqlite:") else url)


@dataclass(frozen=True, kw_only=True)
class Farm:
    """`groups`: how many app versions there are, each a group of its own. `workers`: of one agent."""

    store: Store
    groups: int
    workers: tuple[WorkerId, ...]

    def add_jobs(self, jobs: int, *, first: int = 0) -> None:
        """Submit jobs in runs of 10,000 at most, spread evenly over the groups."""
        for start in range(first, first + jobs, JOBS_A_RUN):
            numbers = range(start, min(start + JOBS_A_RUN, first + jobs))
            self.store.write(partial(submit, requests=[self.request(number) for number in numbers])).result()

    def request(self, number: int) -> JobRequest:
        """Ask for the job of this number: the next group each time, in a group the next spec each time."""
        return JobRequest(
            org_id=ORG,
            app_version_id=app_version(number % self.groups),
            test_path=SPECS[number // self.groups % len(SPECS)],
            bundle=BUNDLE,
            max_retries=0,
        )

    async def claim(self, worker: WorkerId) -> Lease | None:
        """Claim for one worker, as its agent does."""
        leases = await answered(self.store.decide(partial(claim, agent_id=AGENT, worker_ids=[worker])))
        return leases[0] if leases else None

    async def complete(self, lease: Lease, *, install: bool) -> None:
        """Report everything that happens in a lease, in one report: each job started and passed."""
        events = events_of(lease, install=install)
        await answered(self.store.write(partial(report, agent_id=AGENT, token=lease.token, events=events)))


def make_farm(store: Store, *, groups: int, workers: int) -> Farm:
    """Upload the apps and the bundle, register the workers, and let the farm learn how long each spec takes."""
    store.write(partial(apps.register_bundle, org_id=ORG, sha256=BUNDLE, size_bytes=1, files=SPECS)).result()
    for first in range(0, groups, _BINARIES_A_VERB):
        store.write(partial(_upload, first, min(first + _BINARIES_A_VERB, groups))).result()
    farm = find_farm(store, groups=groups, workers=workers)
    asyncio.run(_teach(farm))
    return farm


def find_farm(store: Store, *, groups: int, workers: int) -> Farm:
    """Find what `make_farm` made; its agent starts again and is given the same workers."""
    named = store.decide(partial(register_agent, facts=_agent(workers))).result()
    return Farm(store=store, groups=groups, workers=tuple(worker for _, worker in named))


def events_of(lease: Lease, *, install: bool) -> list[LeaseEvent]:
    """What an agent reports of a lease that goes well."""
    at = datetime.now(UTC)
    events: list[LeaseEvent] = []
    if install:
        events.append(_installed(lease, at))
    for job in lease.jobs:
        number = len(events) + 1
        events.append(AttemptStarted(seq=number, at=at, job_id=job.job_id, attempt=job.attempt))
        events.append(
            AttemptEnded(
                seq=number + 1,
                at=at,
                job_id=job.job_id,
                attempt=job.attempt,
                verdict=Verdict.PASSED,
                fault=None,
                message=None,
                seconds=TEST_S,
                sessions=1,
                project_retries=None,
            )
        )
    return [*events, LeaseEnded(seq=len(events) + 1, at=at)]


def payload() -> str:
    """Write down what the engines are given for each job: as much as qgjob is told of one, in JSON."""
    return json.dumps(
        {"org_id": ORG, "app_version_id": app_version(0), "test_path": SPECS[0], "bundle": BUNDLE, "max_retries": 0}
    )


def app_version(number: int) -> AppVersionId:
    """Name an app version."""
    return AppVersionId(f"build-{number:06}")


async def answered(future: Future[T]) -> T:
    """Wait for a verb's commit, as the server does."""
    return await asyncio.wrap_future(future)


def _upload(first: int, end: int, tx: Transaction) -> None:
    for number in range(first, end):
        binary = AppBinary(
            platform=Platform.ANDROID,
            kind=BinaryKind.DEVICE,
            sha256=Sha256(f"{number:064x}"),
            size_bytes=1,
            package=PACKAGE,
            version_name=str(number),
            version_code=str(number),
            launch_activity=None,
        )
        apps.register_binary(tx, org_id=ORG, app_version_id=app_version(number), binary=binary)


def _agent(workers: int) -> AgentFacts:
    devices = tuple(
        DeviceFacts(
            serial=f"device-{number}",
            target=Target.EMULATOR,
            platform=Platform.ANDROID,
            os_version="14",
            model="bench",
            tags=frozenset(),
            installed=None,
        )
        for number in range(workers)
    )
    return AgentFacts(
        agent_id=AGENT,
        name="bench",
        version="bench",
        protocol=AGENT_PROTOCOL,
        has_project=False,
        holding=frozenset(),
        devices=devices,
    )


def _installed(lease: Lease, at: datetime) -> InstallDone:
    sha256 = None if lease.app is None else lease.app.sha256
    return InstallDone(
        seq=1, at=at, reused=False, seconds=INSTALL_S, sha256=sha256, package=PACKAGE, proof=Proof.CONTENT_HASH
    )


async def _teach(farm: Farm) -> None:
    """Run each spec once, alone: nobody knows yet how long it takes."""
    requests = [
        JobRequest(org_id=ORG, app_version_id=app_version(0), test_path=spec, bundle=BUNDLE, max_retries=0)
        for spec in SPECS
    ]
    await answered(farm.store.write(partial(submit, requests=requests)))
    worker, install = farm.workers[0], True
    while lease := await farm.claim(worker):
        await farm.complete(lease, install=install)
        install = False
