"""The preload under real Node: what Appwright does to its host is undone, and nothing else is touched."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qgjob.agent.runner.environment import device_environment
from tests.agent.runner.node import run_node

NO_PORT = 1  # for programs that connect nowhere


def run(folder: Path, source: str, *, name: str = "program.cjs", port: int = NO_PORT, **env: str) -> object:
    """Run a program that prints one JSON value, with programs npx and pkill on its PATH that leave a mark."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("npx", "pkill"):
        (tools / tool).write_text(f'#!/bin/sh\necho "{tool} $*" >> "{folder}/really-run"\necho really\n')
        (tools / tool).chmod(0o755)
    made = device_environment({"PATH": f"{tools}:{os.environ['PATH']}", **env}, home=tools, gateway_port=port)
    return json.loads(run_node(folder, source, name=name, env=made))


def really_run(folder: Path) -> str:
    path = folder / "really-run"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("deed", ["install", "uninstall"])
def test_the_driver_is_left_as_it_is(tmp_path: Path, deed: str) -> None:
    source = f"""
        const {{ spawn }} = require("child_process");
        const child = spawn("npx", ["appium", "driver", "{deed}", "uiautomator2"], {{stdio: "pipe"}});
        child.on("exit", (code) => console.log(JSON.stringify(code)));
    """
    assert run(tmp_path, source) == 0
    assert really_run(tmp_path) == ""


def test_an_appium_of_ones_own_seems_to_listen_until_it_is_killed(tmp_path: Path) -> None:
    source = """
        const seen = [];
        const child = require("child_process").spawn("npx", ["appium"], {stdio: "pipe"});
        child.stdout.on("data", (data) => {
            seen.push(data.toString().includes("Appium REST http interface listener started"), child.exitCode);
            child.kill();
        });
        child.on("close", (code) => console.log(JSON.stringify([...seen, code, child.killed])));
    """
    assert run(tmp_path, source) == [True, None, 0, True]
    assert really_run(tmp_path) == ""


@pytest.mark.parametrize(
    "call",
    [
        'spawn("npx appium driver install uiautomator2", {shell: true})',
        'spawn("npx", ["-y", "appium", "driver", "install", "uiautomator2"])',
        'spawn("/usr/bin/npx", ["appium@2.19", "driver", "install", "uiautomator2"])',
        'exec("pkill -f appium")',
        'exec("pkill -f appium || true", {timeout: 100})',
        'exec("killall -9 appium", () => {})',
    ],
)
def test_other_ways_of_saying_it_are_understood(tmp_path: Path, call: str) -> None:
    source = f"""
        const child = require("child_process").{call};
        child.on("close", (code) => console.log(JSON.stringify(code)));
    """
    assert run(tmp_path, source) == 0
    assert really_run(tmp_path) == ""


@pytest.mark.parametrize(
    "call",
    [
        'spawn("npx", ["playwright", "--version"])',
        'spawn("npx", ["appium", "driver", "list"])',
        'spawn("npx", ["appium-doctor"])',
        'spawn("npx")',
        'spawn("pkill", ["-f", "my-own-server"])',
        'exec("pkill -f my-own-server")',
        'exec("pkill -f appium; pkill -f my-own-server")',
        'execFile("npx", ["appium", "driver", "list"])',
    ],
)
def test_every_other_program_is_run(tmp_path: Path, call: str) -> None:
    source = f"""
        const child = require("child_process").{call};
        child.on("close", (code) => console.log(JSON.stringify([code, child.pid > 0])));
    """
    assert run(tmp_path, source) == [0, True]
    assert really_run(tmp_path) != ""


def test_nobody_elses_appium_is_killed_and_the_caller_is_told_that_all_is_well(tmp_path: Path) -> None:
    source = """
        require("child_process").exec("pkill -f appium", (...answer) => console.log(JSON.stringify(answer)));
    """
    assert run(tmp_path, source) == [None, "", ""]
    assert really_run(tmp_path) == ""


def test_a_promised_exec_still_resolves_to_both_outputs(tmp_path: Path) -> None:
    source = """
        const exec = require("util").promisify(require("child_process").exec);
        (async () => {
            const other = await exec("echo one; echo two >&2", {encoding: "utf8"});
            const pkill = await exec("pkill -f appium");
            const failed = await exec("exit 3").catch((error) => error.code);
            console.log(JSON.stringify([other, pkill, failed]));
        })();
    """
    assert run(tmp_path, source) == [{"stdout": "one\n", "stderr": "two\n"}, {"stdout": "", "stderr": ""}, 3]
    assert really_run(tmp_path) == ""


def test_modules_that_import_by_name_are_covered_too(tmp_path: Path) -> None:
    source = """
        import { exec, spawn } from "node:child_process";
        spawn("npx", ["appium", "driver", "install", "uiautomator2"]).on("exit", (code) => {
            exec("pkill -f appium", (error) => console.log(JSON.stringify([code, error])));
        });
    """
    assert run(tmp_path, source, name="program.mjs") == [0, None]
    assert really_run(tmp_path) == ""


class Echo(BaseHTTPRequestHandler):
    """Answers every request with what the preload said about the test."""

    def answer(self) -> None:
        said = {name.lower(): value for name, value in self.headers.items() if name.lower().startswith("x-qgjob")}
        body = json.dumps([self.command, self.path, said]).encode()
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 -- http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        """Say nothing."""


@contextmanager
def gateway() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_port
        server.shutdown()


REQUEST = """
    const ask = (target, method, path) => new Promise((resolve) => {
        const request = require("http").request({...target, method, path}, (response) => {
            let body = "";
            response.on("data", (data) => (body += data)).on("end", () => resolve(JSON.parse(body)));
        });
        request.on("error", (error) => resolve(error.code + " " + error.address + ":" + error.port)).end();
    });
    const asked = async (...all) => {
        const answers = [];
        for (const each of all) answers.push(await ask(...each));
        console.log(JSON.stringify(answers));
    };
"""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_appiums_fixed_port_leads_to_the_gateway(tmp_path: Path, host: str) -> None:
    with gateway() as port:
        source = REQUEST + f'asked([{{host: "{host}", port: 4723}}, "GET", "/status"]);'
        assert run(tmp_path, source, port=port) == [["GET", "/status", {}]]


@pytest.mark.parametrize(
    "connect",
    ["connect(4723)", "connect({port: 4723})", 'createConnection(4723, "localhost")', "connect('4723', () => {})"],
)
def test_any_way_of_connecting_leads_there(tmp_path: Path, connect: str) -> None:
    with gateway() as port:
        source = f"""
            const socket = require("net").{connect};
            socket.on("connect", () => {{ console.log(JSON.stringify(socket.remotePort)); socket.destroy(); }});
        """
        assert run(tmp_path, source, port=port) == port


def test_other_ports_and_other_hosts_are_left_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    with gateway() as port, gateway() as other:
        source = REQUEST + (
            f'asked([{{host: "127.0.0.1", port: {other}}}, "GET", "/"], '
            f'[{{host: "127.0.0.1", port: {closed}}}, "GET", "/"], [{{host: "127.0.0.9", port: 4723}}, "GET", "/"]);'
        )
        assert run(tmp_path, source, port=port) == [
            ["GET", "/", {}],
            f"ECONNREFUSED 127.0.0.1:{closed}",
            "ECONNREFUSED 127.0.0.9:4723",
        ]


def test_the_gateway_is_told_which_test_opens_and_closes_a_session(tmp_path: Path) -> None:
    playwright = tmp_path / "node_modules" / "playwright"
    playwright.mkdir(parents=True)
    (playwright / "package.json").write_text('{"name": "playwright", "exports": {"./test": "./test.js"}}')
    (playwright / "test.js").write_text(
        'exports.test = {info: () => ({testId: "c1", retry: 2, status: "failed", title: "ü"})};'
    )
    said = {"x-qgjob-case": "c1", "x-qgjob-retry": "2", "x-qgjob-status": "failed"}
    with gateway() as port, gateway() as other:
        here = "{host: 'localhost', port: 4723}"
        source = REQUEST + (
            f'asked([{here}, "POST", "/session"], [{here}, "DELETE", "/session/s1"],'
            f'[{here}, "POST", "/session/s1/elements"], [{{port: {other}}}, "POST", "/session"]);'
        )
        assert run(tmp_path, source, port=port, TEST_WORKER_INDEX="0") == [
            ["POST", "/session", said],
            ["DELETE", "/session/s1", said],
            ["POST", "/session/s1/elements", {}],
            ["POST", "/session", {}],
        ]


def test_without_a_test_the_gateway_is_told_nothing(tmp_path: Path) -> None:
    with gateway() as port:
        source = REQUEST + "asked([{port: 4723}, 'POST', '/session']);"
        assert run(tmp_path, source, port=port, TEST_WORKER_INDEX="0") == [["POST", "/session", {}]]


def test_options_for_node_that_were_there_are_kept(tmp_path: Path) -> None:
    source = "console.log(JSON.stringify(Error.stackTraceLimit));"
    assert run(tmp_path, source, NODE_OPTIONS="--stack-trace-limit=7") == 7
