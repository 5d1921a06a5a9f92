"""A real server beside the test, and a lease of it: for what an agent says to its server."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from qgjob.agent.free_port import free_port
from qgjob.agent.offers import read_lease
from qgjob.client import Client
from qgjob.core.lease import Lease, LeasedJob
from qgjob.core.words import AgentId, Platform, Target
from qgjob.server.settings import Access, Settings
from qgjob.wire.agents import AgentRegistration, AttemptStarted, ClaimBody, ReportBody, WorkerFacts
from qgjob.wire.jobs import AttemptShown, RunBody
from tests.agent.devices import BUILDS
from tests.server.threaded import a_server_beside

AGENT = AgentId("agent-1")
SPECS = ("tests/login.spec.js", "tests/smoke.spec.js")
FAILING_SPEC = "tests/login.fails.spec.js"
"""On a fake device."""
VERSION = "v1.2.3"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server and a client of it."""

    folder: Path
    settings: Settings
    client: Client
    server: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        self.server.enter_context(a_server_beside(self.settings))

    def stop(self) -> None:
        """Stop the server; it can be started again, at the same address and with the same data."""
        self.server.close()

    def register(self, *, holding: Sequence[int] = ()) -> str:
        """Register an agent with one device; returns its worker's id."""
        device = WorkerFacts(
            serial="emulator-5554",
            target=Target.EMULATOR,
            platform=Platform.ANDROID,
            os_version="14",
            model="Virtual Android",
            tags=[],
        )
        registered = self.client.leases.register(
            AgentRegistration(
                agent_id=AGENT,
                name="host",
                protocol=2,
                version="0.1.0",
                has_project=False,
                holding=list(holding),
                workers=[device],
            )
        )
        return registered["workers"][0]["worker_id"]

    def upload(self) -> str:
        """Upload the app version and a bundle; returns the bundle's hash."""
        self.client.apps.upload("acme", VERSION, BUILDS / "shop-1.2.3.apk")
        bundle = self.folder / "bundle.zip"
        with zipfile.ZipFile(bundle, "w") as archive:
            for name in ("package.json", *SPECS, FAILING_SPEC):
                archive.writestr(name, "{}")
        digest = sha256(bundle.read_bytes()).hexdigest()
        self.client.bundles.upload("acme", digest, bundle)
        return digest

    def submit(self, *specs: str, max_retries: int | None = None) -> list[str]:
        """Submit these specs, or the usual ones, as jobs of one run; returns their ids."""
        body = RunBody(
            org_id="acme",
            app_version_id=VERSION,
            bundle=self.upload(),
            platform=Platform.ANDROID,
            max_retries=max_retries,
            jobs=[{"test_path": spec} for spec in specs or SPECS],
        )
        return self.client.jobs.submit_run(body)["job_ids"]

    def lease(self) -> Lease:
        """Submit the specs as jobs and claim the first of them."""
        worker_id = self.register()
        self.submit()
        body = ClaimBody(agent_id=AGENT, worker_ids=[worker_id], wait_s=0)
        (offer,) = self.client.leases.claim(body)["leases"]
        return read_lease(offer)

    def begun_job(self) -> LeasedJob:
        """The job of such a lease, whose attempt has started."""
        lease = self.lease()
        job = lease.jobs[0]
        started = AttemptStarted(
            kind="attempt_started", seq=1, at="2026-11-23T10:00:00+00:00", job_id=job.job_id, attempt=job.attempt
        )
        self.client.leases.report(lease.token, ReportBody(agent_id=AGENT, events=[started]))
        return job

    def attempt(self, job: LeasedJob) -> AttemptShown:
        """The only attempt of a job, as everybody may see it."""
        (attempt,) = self.client.jobs.attempts(job.job_id)["attempts"]
        return attempt


@contextmanager
def a_served(folder: Path, *, allow_fake: bool = False) -> Iterator[Served]:
    """Serve on a free port while the block lasts."""
    data = folder / "server"
    settings = Settings(
        host="127.0.0.1",
        port=free_port(),
        data_dir=data,
        database=data / "qgjob.db",
        access=Access.LOOPBACK,
        allow_fake=allow_fake,
    )
    with Client(f"http://127.0.0.1:{settings.port}", timeout_s=10) as client:
        served = Served(folder=folder, settings=settings, client=client)
        served.start()
        try:
            yield served
        finally:
            served.stop()
