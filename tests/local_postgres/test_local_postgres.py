"""A PostgreSQL of one's own: real versions, cheap databases, every way to hurt it, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from local_postgres import HowToStop, LocalPostgres, NoPostgres, a_postgres, installations, pick, watcher

pytestmark = pytest.mark.exam

SERVES = """
import sys, time
from local_postgres import a_postgres
with a_postgres(fsync=False) as server:
    print(server.log_file.parent, server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def own_server() -> Iterator[LocalPostgres]:
    with a_postgres(fsync=False) as server:
        yield server


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks, within the deadline above


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row and row[0]


def test_every_installation_serves_its_own_version(every_postgres: LocalPostgres) -> None:
    version = ask(every_postgres.url(), "SHOW server_version")
    assert str(version).split()[0] == every_postgres.installation.version


def test_one_installation_of_each_major_version_is_found() -> None:
    majors = [installation.major for installation in installations()]
    assert len(majors) == len(set(majors)) > 0
    assert pick(majors[-1]).major == majors[-1]


def test_a_version_that_is_not_there_is_refused_with_what_there_is() -> None:
    with pytest.raises(NoPostgres, match=rf"No PostgreSQL 9 .*found: .*{pick().version}"):
        pick(9)


def test_fsync_is_on_unless_it_is_given_up(postgres: LocalPostgres) -> None:
    with a_postgres() as careful:
        assert ask(careful.url(), "SHOW fsync") == "on"
    assert ask(postgres.url(), "SHOW fsync") == "off"


def test_a_database_starts_as_its_template(postgres: LocalPostgres) -> None:
    def fill(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE jobs AS SELECT 7 AS number")

    template = postgres.template("filled", fill)
    url = postgres.create_database(template=template)
    assert ask(url, "SELECT number FROM jobs") == 7
    assert postgres.template("filled", fill) == template
    postgres.drop_database(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        ask(url, "SELECT 1")


@pytest.mark.parametrize("how", [HowToStop.SMART, HowToStop.FAST, HowToStop.IMMEDIATE])
def test_a_restarted_server_has_the_same_data_at_the_same_address(own_server: LocalPostgres, how: HowToStop) -> None:
    with psycopg.connect(own_server.url()) as connection:
        connection.execute("CREATE TABLE jobs AS SELECT 7 AS number")
    own_server.restart(how)
    assert ask(own_server.url(), "SELECT number FROM jobs") == 7


def test_a_killed_server_recovers_what_was_committed(own_server: LocalPostgres) -> None:
    with psycopg.connect(own_server.url()) as connection:
        connection.execute("CREATE TABLE jobs AS SELECT 7 AS number")
    own_server.kill()
    assert not own_server.running
    own_server.start()
    assert ask(own_server.url(), "SELECT number FROM jobs") == 7


def test_a_frozen_server_answers_when_it_is_thawed(own_server: LocalPostgres) -> None:
    answers: list[object] = []
    own_server.freeze()
    asking = Thread(target=lambda: answers.append(ask(own_server.url(), "SELECT 7")))
    asking.start()
    asking.join(0.2)
    assert answers == []
    own_server.thaw()
    asking.join(20)
    assert answers == [7]


def test_nothing_is_left_of_a_server_that_was_closed_frozen() -> None:
    with a_postgres(fsync=False) as server:
        server.freeze()
    assert not server.running
    assert not server.log_file.parent.exists()


def test_nothing_is_left_of_a_server_whose_starter_was_killed() -> None:
    starter = subprocess.Popen([sys.executable, "-c", SERVES], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    folder, pid = starter.stdout.readline().split()
    assert watcher.serves(int(pid), Path(folder) / "data")
    os.kill(starter.pid, signal.SIGKILL)
    starter.communicate()
    wait_until(lambda: not Path(folder).exists())
    assert not watcher.serves(int(pid), Path(folder) / "data")


def test_the_tests_have_a_database_each(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE the_only_one (number int)")
