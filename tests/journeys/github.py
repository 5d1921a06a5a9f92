"""A repository with Appwright tests whose workflow uses the action, as it stands, on a farm with fake devices."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from qgjob.client import Client
from qgjob.core.words import Target, Verdict
from tests.agent.npm_projects import write_project
from tests.agent.server import Served, a_served
from tests.ci.action import ROOT, ActionRun, Job, github_environment
from tests.ci.github_api import FakeGithub
from tests.cli.hands import Hand, Told
from tests.journeys.agents import SHOP, wait_until

SPECS = ("tests/login.spec.ts", "tests/search.spec.ts")
FAILING = "tests/cart.fails.spec.ts"
SLOW = "tests/slow.spec.ts"
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@contextmanager
def a_fake_farm(folder: Path) -> Iterator[Served]:
    """A real server and the real agent with two fake devices, for as long as the block lasts."""
    with a_served(folder, allow_fake=True) as served:
        argv = [sys.executable, "-m", "qgjob", "agent", "--fake", "2", "--name", "farm", "--server", served.url]
        argv += ["--state-dir", str(folder / "agent"), "--cache-dir", str(folder / "cache")]
        agent = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: served.client.workers.all()["count"] == 2, what="the start of the agent")
            yield served
        finally:
            agent.terminate()
            agent.wait(40)


def make_environment(temp: Path) -> None:
    """Stand in for what install.sh makes (which a test of its own runs): an environment with the same packages."""
    venv = temp / "qgjob-venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "qgjob-farm.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT / 'src'}\n", encoding="utf-8")
    (venv / ".installed").write_text(f"{ROOT}\n" + (ROOT / "locks" / "runtime.txt").read_text("utf-8"), "utf-8")


@dataclass(kw_only=True)
class Checkout:
    """A runner with a checkout of `acme/shop`. Each job gets an event of its own; the org is this checkout's own."""

    folder: Path
    temp: Path
    served: Served
    github: FakeGithub
    org: str = field(default_factory=lambda: f"org-{uuid4().hex[:12]}")
    specs: tuple[str, ...] = SPECS

    def __post_init__(self) -> None:
        write_project(self.folder)
        for spec in (*SPECS, FAILING, SLOW):
            self.write_spec(spec)
        slow = {"specs": {SLOW: {"case_s": 60}}}
        (self.folder / "fake.json").write_text(json.dumps(slow), encoding="utf-8")
        shutil.copyfile(SHOP / "builds" / "shop-1.2.3.apk", self.folder / "app.apk")

    def write_spec(self, path: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("// a fake device runs nothing\n", encoding="utf-8")

    def push(self, **variables: str) -> Job:
        return self._job(variables, matrix="null")

    def pull_request(
        self, *, head: str = "acme/shop", run_id: int = 100, attempt: int = 1, matrix: str = "null", **variables: str
    ) -> Job:
        sha = f"{run_id:040x}"
        event = self.temp / f"event-{run_id}-{attempt}.json"
        event.write_text(
            json.dumps({"pull_request": {"number": 7, "head": {"sha": sha, "repo": {"full_name": head}}}}),
            encoding="utf-8",
        )
        given = {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REF_NAME": "7/merge",
            "GITHUB_HEAD_REF": "feature",
            "GITHUB_RUN_ID": str(run_id),
            "GITHUB_RUN_ATTEMPT": str(attempt),
            **variables,
        }
        return self._job(given, matrix=matrix)

    def _job(self, variables: Mapping[str, str], *, matrix: str) -> Job:
        environment = github_environment(
            GITHUB_API_URL=self.github.url,
            GITHUB_GRAPHQL_URL=self.github.graphql_url,
            HOME=str(self.temp),
            **variables,
        )
        return Job(environment=environment, workspace=self.folder, temp=self.temp, matrix=matrix)

    def runs(
        self,
        job: Job,
        *,
        during: Mapping[str, Callable[[], object]] | None = None,
        paths: str = "\n".join(SPECS),
        **inputs: str,
    ) -> ActionRun:
        """Use the action on this farm; `inputs` with underscores for hyphens."""
        given = {"server-url": self.served.url, "org-id": self.org, "app": "app.apk", "retries": "0", "paths": paths}
        return job.use_action(
            {**given, **{name.replace("_", "-"): value for name, value in inputs.items()}}, during=during
        )

    def plain(self, text: str) -> str:
        """Take out what differs from run to run: ids, addresses, times, and on how many devices a run was."""
        text = _IDS.sub("RUN", text.replace(self.served.url, "http://farm"))
        text = re.sub(r"\d+(\.\d)? s\b|\d+ min \d+ s", "TIME", text)
        text = re.sub(r"\b\d{4}-\d\d-\d\d\b", "DATE", text)
        text = re.sub(
            r"\d+ installations? of the app(, \d+ avoided)?", "INSTALLATIONS", text
        )  # by which device was free
        return re.sub(r"comment [0-9a-f]{16} ", "comment KEY ", text)

    def runs_by_hand(self, job: Job, cases: Sequence[Told], *, paths: str = SPECS[0]) -> ActionRun:
        """Use the action for one spec, which a device of another kind, moved by hand, reports these cases of."""
        with Client(self.served.url, timeout_s=10) as client, ThreadPoolExecutor(1) as pool:
            hand = Hand(client, target=Target.DEVICE)
            lease = pool.submit(lambda: hand.run(Verdict.FAILED, cases, wait_s=30.0))
            run = self.runs(job, paths=paths, target="device")
            assert len(lease.result()["jobs"]) == 1
            return run

    def wait_for(self, status: str) -> str:
        """Wait until a job of this checkout has a status; returns its run's id."""

        def found() -> list[str]:
            page = self.served.client.jobs.page(org_id=self.org, status=status)
            return [job["run_id"] for job in page["jobs"]]

        wait_until(lambda: bool(found()), what=f"a {status} job")
        return found()[0]
