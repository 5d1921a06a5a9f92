"""A real server and its users for the tests of the command line."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from qgjob.client import Client
from tests.cli.servers import running_server
from tests.cli.users import User

CI_MARKS = frozenset({"CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "JENKINS_URL"})


@pytest.fixture(autouse=True)
def _nothing_said(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests, and of a CI around them, out of them."""
    for name in [name for name in os.environ if name.startswith("QGJOB_") or name in CI_MARKS]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one server for all tests that keep to an org of their own and run nothing."""
    with running_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[str]:
    """Start a server for one test, whose agents take all the work there is."""
    with running_server(tmp_path / "server") as url:
        yield url


@pytest.fixture
def client(shared_server: str) -> Iterator[Client]:
    with Client(shared_server, timeout_s=10) as client:
        yield client


@pytest.fixture
def own_client(own_server: str) -> Iterator[Client]:
    with Client(own_server, timeout_s=10) as client:
        yield client


@pytest.fixture
def user(shared_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """Sit down in an empty folder, with an org of one's own, in front of the shared server."""
    return User.at(tmp_path / "work", server_url=shared_server, org=f"org-{uuid4().hex[:12]}", patch=monkeypatch)


@pytest.fixture
def own_user(own_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """Sit down in an empty folder, in front of a server of one's own."""
    return User.at(tmp_path / "work", server_url=own_server, org="acme", patch=monkeypatch)
