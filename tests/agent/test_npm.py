"""npm: whose problem its failure is, told from what it really prints."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.npm import find_node, npm_ci
from qgjob.agent.npm.errors import npm_error
from qgjob.agent.npm.node import names_own_registry
from qgjob.agent.processes import Processes, ProgramTimedOut
from qgjob.core.errors import ConfigurationError, InfrastructureError, QgjobError
from tests.agent.npm_projects import write_lock, write_project

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def own_npm_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path / "processes.json")


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry that has no package at all."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Nothing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def fake_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def project_that_needs(folder: Path, name: str) -> Path:
    write_project(folder)
    (folder / "package.json").write_text(json.dumps({"dependencies": {name: "1.0.0"}}))
    write_lock(folder, {"": {"dependencies": {name: "1.0.0"}}, f"node_modules/{name}": {"version": "1.0.0"}})
    return folder


async def test_the_node_on_path_is_found_with_its_npm(processes: Processes) -> None:
    node = await find_node(processes)

    assert (node.node.name, node.npm.name) == ("node", "npm")


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "v23.1.0", "nonsense"])
async def test_a_node_that_appium_does_not_run_on_is_refused(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    fake_program(tmp_path / "bin", "node", f"echo {version}")
    fake_program(tmp_path / "bin", "npm", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")

    with pytest.raises(ConfigurationError, match=r"which Appium 3 does not run on: install Node 20\.19 or newer"):
        await find_node(processes)


@pytest.mark.parametrize("version", ["v20.19.0", "v22.12.1", "v24.0.0", "v26.3.1"])
async def test_a_node_that_appium_runs_on_is_taken(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    fake_program(tmp_path / "bin", "node", f"echo {version}")
    fake_program(tmp_path / "bin", "npm", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")

    assert (await find_node(processes)).version == version[1:]


async def test_without_npm_it_is_said_what_to_install(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path / "bin", "node", "echo v22.12.0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")

    with pytest.raises(ConfigurationError, match=r"^npm is not on PATH: install Node 20\.19 .* with its npm\.$"):
        await find_node(processes)


async def test_packages_of_the_project_itself_are_installed_without_a_registry(
    tmp_path: Path, processes: Processes
) -> None:
    folder = write_project(tmp_path / "project")
    said: list[str] = []

    await npm_ci(folder, processes, what="this project", say=said.append)

    assert (folder / "node_modules" / "appwright" / "package.json").is_file()
    assert said == ["installing the npm packages of this project"]


async def test_install_scripts_do_not_run(tmp_path: Path, processes: Processes) -> None:
    folder = write_project(tmp_path / "project")
    package = folder / "packages" / "appwright" / "package.json"
    trace = tmp_path / "ran"
    scripts = {"install": f"touch {trace}", "postinstall": f"touch {trace}"}
    package.write_text(json.dumps({"name": "appwright", "version": "0.1.1", "scripts": scripts}))

    await npm_ci(folder, processes, what="this project", say=lambda _: None)

    assert not trace.exists()


async def test_a_lockfile_that_does_not_fit_is_the_projects_problem(tmp_path: Path, processes: Processes) -> None:
    folder = write_project(tmp_path / "project")
    write_lock(folder, {"": {}})

    with pytest.raises(ConfigurationError, match=r"\(EUSAGE\): .*Missing: .*Make `npm ci` work in the project"):
        await npm_ci(folder, processes, what="this project", say=lambda _: None)


async def test_a_package_that_does_not_exist_is_the_projects_problem(
    tmp_path: Path, processes: Processes, registry: str
) -> None:
    folder = project_that_needs(tmp_path / "project", "left-behind")
    (folder / ".npmrc").write_text(f"registry={registry}\n")

    with pytest.raises(ConfigurationError, match=r"\(E404\): .*left-behind"):
        await npm_ci(folder, processes, what="this project", say=lambda _: None)


async def test_an_npm_that_hangs_is_ended(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path / "bin", "npm", "echo still at it; while :; do read -r _ < /dev/zero; done")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    with pytest.raises(ProgramTimedOut, match=r"npm ci \(this project\) did not end within 0\.3 s.*still at it"):
        await npm_ci(tmp_path, processes, what="this project", say=lambda _: None, timeout_s=0.3)


REFUSED = """\
npm warn Unknown user config "nodedir".
npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to http://127.0.0.1:9/zod failed, reason: connect ECONNREFUSED 127.0.0.1:9
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/node_modules/minipass-fetch/lib/index.js:130:14)
npm error A complete log of this run can be found in: /home/x/.npm/_logs/debug-0.log
"""


def test_a_registry_that_does_not_answer_is_trouble_of_the_host() -> None:
    error = npm_error(REFUSED, code=1, what="this project", own_registry=False)

    assert type(error) is HostTrouble
    assert error.message == (
        "npm ci failed for this project (ECONNREFUSED): FetchError: request to http://127.0.0.1:9/zod failed, reason: "
        "connect ECONNREFUSED 127.0.0.1:9. The network, the registry or the disk of this host needs care."
    )


def test_trouble_of_a_registry_that_the_project_names_is_not_the_hosts() -> None:
    assert type(npm_error(REFUSED, code=1, what="x", own_registry=True)) is InfrastructureError


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("EAI_AGAIN", HostTrouble),
        ("ETIMEDOUT", HostTrouble),
        ("ERR_SOCKET_TIMEOUT", HostTrouble),
        ("E503", HostTrouble),
        ("ENOSPC", HostTrouble),
        ("SELF_SIGNED_CERT_IN_CHAIN", HostTrouble),
        ("ETARGET", ConfigurationError),
        ("E404", ConfigurationError),
        ("E401", ConfigurationError),
        ("EINTEGRITY", ConfigurationError),
        ("EUSAGE", ConfigurationError),
        ("ESOMETHINGNEW", InfrastructureError),
    ],
)
def test_every_code_of_npm_has_an_owner(code: str, expected: type[QgjobError]) -> None:
    assert type(npm_error(f"npm error code {code}\n", code=1, what="x", own_registry=False)) is expected


def test_npm_9_prefixes_its_errors_otherwise() -> None:
    output = "npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for appwright@0.1.2.\n"

    error = npm_error(output, code=1, what="x", own_registry=False)

    assert error.message == (
        "npm ci failed for x (ETARGET): notarget No matching version found for appwright@0.1.2. "
        "Make `npm ci` work in the project's own folder, and submit it again."
    )


def test_an_npm_that_was_killed_is_nobodys_fault_that_we_know_of() -> None:
    error = npm_error("Killed\n", code=-9, what="x", own_registry=False)

    assert (type(error), error.message) == (InfrastructureError, "npm ci failed for x (exit code -9): Killed.")


@pytest.mark.parametrize(
    ("npmrc", "own"),
    [
        ("registry=https://npm.example.com/\n", True),
        ("@shop:registry = https://npm.example.com/\n", True),
        ("# registry=https://npm.example.com/\naudit=false\n", False),
    ],
)
def test_a_project_names_its_registry_in_npmrc(tmp_path: Path, npmrc: str, *, own: bool) -> None:
    (tmp_path / ".npmrc").write_text(npmrc)

    assert names_own_registry(tmp_path) is own


def test_a_project_names_its_registry_in_its_lockfile(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text('{\n  "resolved": "https://npm.example.com/a.tgz"\n}')

    assert names_own_registry(tmp_path)
