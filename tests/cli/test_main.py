import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from inline_snapshot import snapshot

import qgjob.cli
from qgjob import __version__
from qgjob.cli.lazy import LazyGroup, load
from qgjob.cli.main import cli
from tests.cli.projects import make_project, write_files
from tests.cli.users import environment
from tests.cli.users import qgjob as run

NOWHERE = "http://127.0.0.1:9"
"""Port 9 is nobody's: the connection is refused at once."""


def test_help_lists_the_commands_and_the_exit_codes() -> None:
    answered = CliRunner().invoke(cli, ["--help"], prog_name="qgjob", terminal_width=100)
    assert answered.exit_code == 0
    assert answered.output == snapshot("""\
Usage: qgjob [OPTIONS] COMMAND [ARGS]...

  Submit Appwright tests to a farm of mobile devices that installs each app version once.

  Environment:
    QGJOB_SERVER_URL  server to talk to              [default: http://localhost:5000]
    QGJOB_TIMEOUT     seconds one request may take   [default: 30]
    QGJOB_TOKEN       access token, where the server asks for one
    QGJOB_ORG         org to submit for, and to list
    QGJOB_APP_VERSION app version that `qgjob run` tests
    QGJOB_ATTEMPT     names this attempt of a CI job that qgjob does not know
    QGJOB_CONFIG      config file                    [default: ~/.config/qgjob/config.toml]
    NO_COLOR          if set, no colours

  The config file may set server_url, timeout, token, org and app_version_id. A flag wins over the
  environment, the environment over the file.

Options:
  --version                  Show the version and exit.
  --server-url URL           Server to talk to; wins over QGJOB_SERVER_URL.  [default:
                             http://localhost:5000]
  -o, --output [table|json]  Form of the results on stdout.  [default: table]
  -q, --quiet                No progress or notes on stderr.
  -h, --help                 Show this message and exit.

Commands:
  run          Find the tests of an Appwright project, run them on the farm, and wait: one line for
               a CI.
  submit       Submit tests of an Appwright project, and wait for them if asked to.
  status       Show how a job or a run stands, or follow it to its end.
  wait         Wait for the end of a run, as `qgjob run` does.
  explain      Say why a job waits and when it is done, or why a worker does what it does.
  list         List jobs, oldest first.
  runs         List runs, newest first: the jobs that were submitted together, and how far they are.
  cancel       Stop jobs, or whole runs.
  retry        Submit a finished job again, or the jobs of a finished run.
  report       Write reports of a finished run: JUnit, CTRF, HTML, JSON, Allure, Playwright's blob.
  evidence     Download what the attempts of a job left behind.
  flaky        Show the flakiest cases of an org, or mute one.
  history      Show how a case did in its last runs.
  stats        Show what the farm has done and saved.
  ledger       Show what devices did by day, run or org, and what it would have cost otherwise.
  estimates    Show how long tests and installs are expected to take.
  workers      Show the devices of the farm, or take one out of work.
  orgs         Show the orgs of the farm, or give one a weight.
  health       Ask whether the server is up and well.
  app          Upload app versions.
  github       Tell GitHub how a run came out.
  server       Run a server.
  agent        Run an agent for the devices of this machine.
  simulate     Run a workload on simulated devices, to see what a rule or more devices would do.
  mcp          Offer the farm to coding agents, as tools.
  db           Look after the database of a farm.
  doctor       Check whether this machine and this project are ready.
  completions  Print a script that completes commands in your shell.

  Exit codes, the same for every command:
    0    passed or done
    1    tests failed
    2    usage or configuration
    3    infrastructure error or job lost, never blamed on the test
    4    not authorised
    5    cancelled
    6    not found
    7    server unreachable
    8    no test ran
    124  the wait timed out; the run goes on
    130  interrupted; the run goes on
""")


def test_the_summary_of_every_command_is_the_first_line_of_its_help() -> None:
    def differing(group: LazyGroup) -> list[str]:
        commands = {name: (entry, load(entry)) for name, entry in group.entries.items()}
        return [
            name for name, (entry, command) in commands.items() if (command.help or "").splitlines()[0] != entry.summary
        ]

    app = cli.get_command(click.Context(cli), "app")
    assert isinstance(app, LazyGroup)
    assert [*differing(cli), *differing(app)] == []


def test_every_command_ends_its_help_with_the_exit_codes() -> None:
    for name, entry in cli.entries.items():
        assert "124  the wait timed out; the run goes on" in (load(entry).epilog or ""), name


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_neither_commands_nor_libraries(argument: str, tmp_path: Path) -> None:
    code = f"import sys; sys.argv = ['qgjob', {argument!r}]\nfrom qgjob.cli.main import main\n"
    code += "try: main()\nfinally: print('imported', *sorted(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path, {}), capture_output=True, text=True, check=True
    )
    imported = set(ended.stdout.partition("imported ")[2].split())
    heavy = {"rich", "httpx2", "pydantic", "fastapi", "aiohttp", "asyncio", "pathspec", "annotated_types", "sqlalchemy"}
    assert imported & heavy == set()
    assert [name for name in imported if name.startswith("qgjob.cli.commands")] == []


def test_help_takes_less_than_a_third_of_a_second(tmp_path: Path) -> None:
    def processor_seconds() -> float:
        before = os.times()
        assert run("--help", cwd=tmp_path).code == 0
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(processor_seconds() for _ in range(3)) < 0.3


def test_the_version_is_told(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"qgjob, version {__version__}\n"


def test_only_say_prints() -> None:
    folder = Path(next(iter(qgjob.cli.__path__)))
    printing = re.compile(r"(?<![\w.])print\(|\b(echo|secho)\(|sys\.std(out|err)\.write")
    assert [path.name for path in folder.rglob("*.py") if printing.search(path.read_text())] == []


def test_a_wrong_word_is_a_usage_error(tmp_path: Path) -> None:
    answered = run("list", "--status", "lost", "--server-url", NOWHERE, cwd=tmp_path)
    assert (answered.code, answered.stdout) == (2, "")
    assert "'lost' is not one of 'pending', 'queued', 'running'" in answered.stderr


def test_a_server_that_is_not_there_is_exit_7_for_every_command_that_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.client.retry._WAITS_S", ())
    monkeypatch.chdir(tmp_path)
    make_project(tmp_path)
    write_files(tmp_path, {"shop.apk": ""})
    submit = ["submit", "--org-id", "acme", "--app-version-id", "1", "--test", "tests/login.spec.ts"]
    commands = [
        ["health"],
        ["stats"],
        ["ledger", "--org-id", "acme"],
        ["estimates", "--org-id", "acme"],
        ["workers"],
        ["list"],
        ["status", "--job-id", "1"],
        ["cancel", "1"],
        ["retry", "1"],
        ["evidence", "1", "--to", "e"],
        ["app", "upload", "shop.apk", "--org-id", "acme", "--app-version-id", "1"],
        submit,
    ]
    runner = CliRunner(env={"QGJOB_SERVER_URL": NOWHERE, "XDG_CONFIG_HOME": str(tmp_path)})
    answers = {" ".join(command): runner.invoke(cli, command) for command in commands}
    assert {name: answer.exit_code for name, answer in answers.items()} == dict.fromkeys(answers, 7)
    assert all(answer.stdout == "" for answer in answers.values())
    assert all(NOWHERE in answer.stderr for answer in answers.values())


def test_usage_is_checked_before_the_server(tmp_path: Path) -> None:
    make_project(tmp_path)
    submit = ["submit", "--org-id", "acme", "--app-version-id", "1", "--server-url", NOWHERE]
    missing = run(*submit, "--test", "tests/gone.spec.ts", cwd=tmp_path)
    assert (missing.code, missing.stdout) == (2, "")
    assert missing.stderr.startswith("Error: test file not found: tests/gone.spec.ts (looked for ")


def test_the_server_is_checked_before_discovery(tmp_path: Path) -> None:
    make_project(tmp_path)
    submit = ["submit", "--org-id", "acme", "--app-version-id", "1", "--server-url", NOWHERE]
    assert run(*submit, "--test", "tests/*.no", cwd=tmp_path).code == 7


def test_a_flag_before_or_after_the_command_wins_over_the_variable(tmp_path: Path) -> None:
    elsewhere = {"QGJOB_SERVER_URL": "http://127.0.0.1:1"}
    assert NOWHERE in run("--server-url", NOWHERE, "health", cwd=tmp_path, **elsewhere).stderr
    assert NOWHERE in run("health", "--server-url", NOWHERE, cwd=tmp_path, **elsewhere).stderr
    last = run("--server-url", "http://127.0.0.1:1", "health", "--server-url", NOWHERE, cwd=tmp_path)
    assert NOWHERE in last.stderr


def test_a_variable_that_is_wrong_is_a_usage_error(tmp_path: Path) -> None:
    answered = run("health", cwd=tmp_path, QGJOB_TIMEOUT="soon")
    assert (answered.code, answered.stderr) == (
        2,
        "Error: QGJOB_TIMEOUT: 'soon' is no timeout; write seconds, above 0 and up to 3600\n",
    )


def test_a_fault_of_our_own_is_exit_3_and_never_a_failed_test(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("qgjob.cli.commands.health.connect", broken)
    answered = CliRunner().invoke(cli, ["health"])
    assert answered.exit_code == 3
    assert "this is a fault of qgjob" in answered.stderr
    assert "ZeroDivisionError: division by zero" in answered.stderr


def test_ctrl_c_is_exit_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qgjob.cli.commands.health.connect", interrupted)
    answered = CliRunner().invoke(cli, ["health"])
    assert (answered.exit_code, answered.stderr) == (130, "Error: interrupted\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_printed_for_each_shell(shell: str, tmp_path: Path) -> None:
    answered = run("completions", shell, cwd=tmp_path)
    assert answered.code == 0
    assert "_QGJOB_COMPLETE" in answered.stdout


def test_a_shell_completes_commands_and_words(tmp_path: Path) -> None:
    asked = {"_QGJOB_COMPLETE": "bash_complete", "COMP_WORDS": "qgjob list --status co", "COMP_CWORD": "3"}
    assert run(cwd=tmp_path, **asked).stdout == "plain,completed\n"
