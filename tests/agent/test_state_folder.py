"""The state folder belongs to one agent at a time, and its id outlives the agent."""

from pathlib import Path

import pytest

from qgjob.agent.state_folder import own_state_folder
from qgjob.core.errors import ConfigurationError


def test_the_id_is_chosen_once(tmp_path: Path) -> None:
    with own_state_folder(tmp_path / "state") as first:
        pass
    with own_state_folder(tmp_path / "state") as second:
        assert second.agent_id == first.agent_id
    with own_state_folder(tmp_path / "other") as other:
        assert other.agent_id != first.agent_id


def test_a_second_agent_is_refused_with_what_to_do(tmp_path: Path) -> None:
    refusal = pytest.raises(ConfigurationError, match="give this one its own with --state-dir")
    with own_state_folder(tmp_path), refusal, own_state_folder(tmp_path):
        raise AssertionError("two agents own one folder")


def test_what_an_earlier_session_left_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "work" / "7").mkdir(parents=True)
    with own_state_folder(tmp_path) as state:
        assert list(state.work.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be used"), own_state_folder(tmp_path / "file" / "state"):
        raise AssertionError("a folder was made inside of a file")
