"""The path of a user from `qgjob submit` to a device, with the real command line in a folder outside the repository."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.agents import ORG, PACKAGE, ROOT, SHOP, Farm, a_farm

pytestmark = pytest.mark.journey

SIX_SPECS = ("onboarding", "login", "checkout", "smoke", "profile", "search")
CASE = 'import {{ test }} from "appwright"; test("{title}", async ({{ device }}) => {{}});'


class User:
    """Somebody with a copy of the example project and the `qgjob` command."""

    def __init__(self, farm: Farm, project: Path) -> None:
        self.farm, self.project = farm, project

    def qgjob(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "QGJOB_SERVER_URL": self.farm.url, "QGJOB_ORG": ORG}
        return subprocess.run(
            [sys.executable, "-m", "qgjob", *arguments],
            cwd=self.project, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def submit(self, *specs: str, version: str = "v2.0.0") -> subprocess.CompletedProcess[str]:
        tests = [word for spec in specs for word in ("--test", f"tests/{spec}.spec.js")]
        return self.qgjob("submit", "--app-version-id", version, *tests, "--max-retries", "0", "--wait")


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    project = tmp_path / "shop"
    shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("node_modules", "test-results"))
    for spec in ("profile", "search"):
        (project / "tests" / f"{spec}.spec.js").write_text(CASE.format(title=f"{spec} opens"), encoding="utf-8")
    with a_farm(tmp_path / "farm", devices=1) as farm:
        yield User(farm, project)


def job_ids(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.partition("Job ID: ")[2].strip() for line in done.stdout.splitlines() if "Job ID: " in line]


def test_six_jobs_of_one_version_cost_one_installation_and_as_many_sessions_as_cases(user: User) -> None:
    user.farm.start_agent()
    (device,) = user.farm.devices

    first = user.submit(*SIX_SPECS)

    assert first.returncode == 0, first.stderr
    jobs = job_ids(first)
    assert len(jobs) == 6
    cases = sum(len(attempt["cases"]) for job in jobs for attempt in user.farm.attempts(job))
    assert cases == 21
    counters = device.counters()
    assert counters["installs"][PACKAGE] == 1
    assert counters["sessions"] == {PACKAGE: cases}

    second = user.submit("login", "smoke")

    assert second.returncode == 0, second.stderr
    assert device.counters()["installs"][PACKAGE] == 1, "the warm device was installed again"
    stats = user.farm.client.farm.stats()
    assert (stats["installs"], stats["installs_stock"], stats["sessions"]) == (1, 30, 30)


def test_the_same_version_with_other_bytes_is_refused_and_changes_nothing(user: User) -> None:
    uploaded = user.qgjob("app", "upload", "--app-version-id", "v1", "builds/shop-1.0.0.apk")
    again = user.qgjob("app", "upload", "--app-version-id", "v1", "builds/shop-1.0.0.apk")
    other = user.qgjob("app", "upload", "--app-version-id", "v1", "builds/shop-1.2.3.apk")

    assert (uploaded.returncode, again.returncode, other.returncode) == (0, 0, 2)
    assert "v1" in other.stderr
    (binary,) = user.farm.client.apps.get(ORG, "v1")["binaries"]
    assert binary["version_name"] == "1.0.0"


def test_the_exit_code_is_the_verdict_s_and_the_reason_is_said(user: User) -> None:
    user.farm.start_agent()
    (user.project / "tests" / "broken.spec.js").write_text("test(", encoding="utf-8")
    (user.project / "tests" / "empty.spec.js").write_text("export const nothing = 1;", encoding="utf-8")

    failed, broken, empty = user.submit("known-bug"), user.submit("broken"), user.submit("empty")

    assert (failed.returncode, broken.returncode, empty.returncode) == (1, 2, 8)
    shown = user.qgjob("status", "--job-id", job_ids(failed)[0])
    assert shown.returncode == 1
    assert "Discount" in shown.stdout
    assert "broken.spec.js" in user.qgjob("status", "--job-id", job_ids(broken)[0]).stdout


def test_a_project_with_a_playwright_that_appwright_cannot_use_is_told_what_to_pin(user: User) -> None:
    user.farm.start_agent()
    manifest = json.loads((user.project / "package.json").read_text(encoding="utf-8"))
    lock = (user.project / "package-lock.json").read_text(encoding="utf-8")
    manifest["devDependencies"]["@playwright/test"] = "1.60.0"
    (user.project / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (user.project / "package-lock.json").write_text(lock.replace("1.59.1", "1.60.0"), encoding="utf-8")

    refused = user.submit("smoke")

    assert refused.returncode == 2
    shown = user.qgjob("status", "--job-id", job_ids(refused)[0]).stdout
    assert "1.59.1" in shown


def test_the_demo_ends_as_it_should_and_its_last_line_is_its_figures() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["jobs"] == 8
    assert figures["cases"] == {"total": 35, "passed": 34, "failed": 1, "flaky": 0, "skipped": 0}
    assert figures["sessions"] == figures["installs_stock"] == 35
    # one for each version at least; a virtual device installs in a fifth of a second, which the rule learns and goes by
    assert 3 <= figures["installs"] <= figures["jobs"]
    assert figures["workers"] == 2
