from pathlib import Path

import pytest

from qgjob.agent.settings import AgentSettings
from tests.cli.users import User


def test_an_agent_starts_with_what_the_command_line_says(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[AgentSettings] = []
    monkeypatch.setattr("qgjob.agent.start.run_agent", started.append)
    (user.folder / "shop").mkdir()
    answered = user.does(
        *("agent", "--server", "http://127.0.0.1:7000", "--device", "emulator-5554", "--device", "R58M"),
        *(
            "--project",
            "shop",
            "--name",
            "rack 2",
            "--state-dir",
            "state",
            "--cache-dir",
            "cache",
            "--adb-port",
            "5039",
        ),
    )
    assert answered.code == 0
    assert started == [
        AgentSettings(
            server_url="http://127.0.0.1:7000",
            devices=("emulator-5554", "R58M"),
            project=Path("shop"),
            state_dir=Path("state"),
            cache_dir=Path("cache"),
            adb_port=5039,
            name="rack 2",
        )
    ]


def test_an_agent_works_for_the_server_that_everything_else_asks(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[AgentSettings] = []
    monkeypatch.setattr("qgjob.agent.start.run_agent", started.append)
    user.does("agent")
    assert [settings.server_url for settings in started] == [user.server_url]


def test_a_checkout_that_is_not_there_is_refused(user: User) -> None:
    assert user.does("agent", "--project", "gone").code == 2


def test_fake_devices_are_asked_for_by_their_number(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[AgentSettings] = []
    monkeypatch.setattr("qgjob.agent.start.run_agent", started.append)
    assert user.does("agent", "--fake", "2").code == 0
    assert [settings.fake_devices for settings in started] == [2]


def test_fake_devices_do_not_mix_with_real_ones(user: User) -> None:
    refused = user.does("agent", "--fake", "2", "--device", "emulator-5554")
    assert refused.code == 2
    assert "--fake goes with neither --device nor --project" in refused.stderr
