"""The doctor: what it finds is a sentence, and what only agents need is not called bad."""

from pathlib import Path

import pytest

from qgjob.agent.doctor import Health, examine_host, examine_project
from qgjob.agent.free_port import free_port
from tests.agent.devices import SHOP

pytestmark = pytest.mark.exam


def test_a_host_without_a_device_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADB_USB", "0")
    monkeypatch.setenv("ADB_EMU", "0")
    findings = {finding.what: finding for finding in examine_host(adb_port=free_port())}
    assert {what: finding.health for what, finding in findings.items()} == {
        "node": Health.GOOD,
        "devices": Health.MISSING,
    }
    assert findings["devices"].message.startswith("adb has no device online: plug one in")


def test_the_example_project_is_fit_to_be_submitted() -> None:
    finding = examine_project(SHOP)
    assert (finding.health, finding.message) == (Health.GOOD, f"{SHOP}: Appwright 0.1.1, Playwright 1.59.1")


def test_a_folder_that_is_no_project_is_said_to_be_none(tmp_path: Path) -> None:
    finding = examine_project(tmp_path)
    assert finding.health is Health.BAD
    assert "There is no package.json" in finding.message
