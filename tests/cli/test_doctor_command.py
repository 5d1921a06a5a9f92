from pathlib import Path

import pytest

from qgjob.agent.free_port import free_port
from tests.cli.projects import make_project
from tests.cli.users import User

pytestmark = pytest.mark.exam

SHOP = Path(__file__).resolve().parents[2] / "examples/shop"


@pytest.fixture(autouse=True)
def _no_devices_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADB_USB", "0")
    monkeypatch.setenv("ADB_EMU", "0")
    monkeypatch.setattr("qgjob.agent.device.finding.APPEAR_TIMEOUT_S", 0.1)


@pytest.fixture
def adb_port() -> str:
    return str(free_port())


def test_a_machine_without_devices_is_fit_to_submit_from(user: User, adb_port: str) -> None:
    answered = user.does("doctor", "--project-dir", str(SHOP), "--adb-port", adb_port)
    assert answered.code == 0
    assert f"{SHOP}: Appwright 0.1.1, Playwright 1.59.1" in answered.stdout
    words = [line.split()[:2] for line in answered.stdout.splitlines()]
    assert words == [
        ["What", "Health"],
        ["server", "good"],
        ["project", "good"],
        ["node", "good"],
        ["devices", "missing"],
    ]


def test_a_project_without_a_lockfile_is_exit_2(user: User, adb_port: str) -> None:
    make_project(user.folder)
    answered = user.does("-o", "json", "doctor", "--adb-port", adb_port)
    assert answered.code == 2
    findings = answered.document()["findings"]
    assert isinstance(findings, list)
    (project,) = [finding for finding in findings if finding["what"] == "project"]
    assert project["health"] == "bad"
    assert "package-lock.json" in project["message"]


def test_a_server_that_is_away_is_exit_7(user: User, adb_port: str) -> None:
    answered = user.does("doctor", "--server-url", "http://127.0.0.1:9", "--adb-port", adb_port)
    assert answered.code == 7
    assert "No qgjob server answered at http://127.0.0.1:9" in answered.stdout
