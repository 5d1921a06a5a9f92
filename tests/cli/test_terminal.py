import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.projects import write_files
from tests.cli.users import User, environment

READ_BYTES = 65536


def on_a_terminal(*arguments: str, home: Path, variables: Mapping[str, str]) -> str:
    """Run a command whose stdout is a terminal; returns what reached it."""
    master, terminal = os.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "qgjob", *arguments],
            env=environment(home, {"TERM": "xterm", **variables}),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
        return os.read(master, READ_BYTES).decode()
    finally:
        os.close(terminal)
        os.close(master)


@pytest.fixture
def job_id(user: User) -> str:
    """Submit a job and cancel it: a word that has a colour."""
    write_files(user.folder, {"old.spec.js": ""})
    (job_id,) = user.does("submit", "--app-version-id", "1", "--test", "old.spec.js").job_ids()
    user.does("cancel", job_id)
    return job_id


def test_a_terminal_gets_colours_unless_it_does_not_want_them(user: User, job_id: str, tmp_path: Path) -> None:
    at = {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org}
    assert "\x1b[" in on_a_terminal("list", home=tmp_path, variables=at)
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = on_a_terminal("list", home=tmp_path, variables=at | plain)
        assert "\x1b" not in shown
        assert job_id in shown


def test_an_id_is_whole_on_a_terminal_of_twenty_columns(user: User, job_id: str, tmp_path: Path) -> None:
    at = {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org, "COLUMNS": "20", "NO_COLOR": "1"}
    assert job_id in on_a_terminal("list", home=tmp_path, variables=at)


def test_a_command_whose_streams_are_closed_does_its_work_all_the_same(user: User, tmp_path: Path) -> None:
    at = {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org}
    command = f'"{sys.executable}" -m qgjob health >&- 2>&-'
    ended = subprocess.run(["/bin/sh", "-c", command], env=environment(tmp_path, at), timeout=30, check=False)

    assert ended.returncode == 0
