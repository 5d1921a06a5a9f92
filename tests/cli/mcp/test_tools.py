"""The tools as an agent calls them, on a real server whose devices are moved by hand."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client as Agent
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, ImageContent, TextContent

from qgjob.cli.mcp.acting import Workplace
from qgjob.cli.mcp.server import tool_server
from qgjob.cli.say import Say
from qgjob.cli.settings import Flags, settle
from qgjob.cli.submission.project import Project, find_project
from qgjob.client import Client
from qgjob.core.words import CaseStatus, Verdict
from tests.cli.hands import Hand, Told
from tests.cli.listed import LOGIN_SPEC, make_listed_project
from tests.cli.projects import make_project
from tests.cli.test_submit import V1
from tests.cli.users import User, environment

R = TypeVar("R")
READING = [
    "list_devices",
    "list_runs",
    "show_run",
    "wait_for_run",
    "show_failures",
    "read_evidence",
    "explain",
    "list_cases",
    "show_case_history",
]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
BROKEN = Told(title="pays", status=CaseStatus.FAILED, errors=("the total was 12 €, not 13 €",))


@pytest.fixture
def run_id(own_user: User) -> str:
    """A run of one job that waits."""
    make_project(own_user.folder)
    submit = ("submit", "--app-version-id", "1.0.0", "--app", str(V1), "--test", "tests/login.spec.ts")
    return str(own_user.does("-o", "json", *submit).document()["run_id"])


def asked(
    client: Client,
    what: Callable[[Agent], Awaitable[R]],
    *,
    allow_writes: bool = False,
    org: str | None = "acme",
    project: Project | None = None,
) -> R:
    say = Say(settle(Flags(), {}))
    workplace = Workplace(org=org, project=project)

    async def ask() -> R:
        async with Agent(tool_server(client, say, workplace, allow_writes=allow_writes)) as agent:
            return await what(agent)

    return asyncio.run(ask())


def called(
    client: Client, tool: str, *, allow_writes: bool = False, project: Project | None = None, **arguments: object
) -> CallToolResult:
    async def call(agent: Agent) -> CallToolResult:
        answered = await agent.call_tool(tool, arguments)
        assert isinstance(answered, CallToolResult)
        return answered

    return asked(client, call, allow_writes=allow_writes, project=project)


def told(
    client: Client, tool: str, *, allow_writes: bool = False, project: Project | None = None, **arguments: object
) -> dict[str, Any]:
    answered = called(client, tool, allow_writes=allow_writes, project=project, **arguments)
    assert not answered.is_error, answered
    assert isinstance(answered.structured_content, dict)
    return answered.structured_content


def said(answered: CallToolResult) -> str:
    (content,) = answered.content
    assert isinstance(content, TextContent)
    return content.text


def test_without_leave_to_write_there_are_only_tools_that_read(client: Client) -> None:
    tools = asked(client, lambda agent: agent.list_tools()).tools

    assert [tool.name for tool in tools] == READING
    assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools)


def test_with_leave_to_write_deeds_are_offered_and_marked(client: Client) -> None:
    tools = asked(client, lambda agent: agent.list_tools(), allow_writes=True).tools
    deeds = [tool for tool in tools if tool.annotations is not None and not tool.annotations.read_only_hint]

    assert [tool.name for tool in deeds] == ["run_tests", "cancel_run", "retry_run"]


def test_a_deed_that_was_not_offered_is_not_done(own_client: Client, run_id: str) -> None:
    answered = called(own_client, "cancel_run", run_id=run_id)

    assert answered.is_error
    assert own_client.jobs.get_run(run_id)["jobs"] == {"pending": 1}


def test_a_run_that_waits_says_so_and_waiting_for_it_ends_in_time(own_client: Client, run_id: str) -> None:
    shown = told(own_client, "show_run", run_id=run_id)
    waited = told(own_client, "wait_for_run", run_id=run_id, timeout_s=0.2)

    assert (shown["status"], shown["finished"], shown["exit_code"]) == ("pending", False, None)
    assert (waited["status"], waited["finished"]) == ("pending", False)


def test_failures_come_with_their_errors_and_evidence(own_client: Client, run_id: str, tmp_path: Path) -> None:
    (tmp_path / "screen.png").write_bytes(PNG)
    Hand(own_client).run(Verdict.FAILED, [Told(title="opens"), BROKEN], evidence=tmp_path / "screen.png")

    waited = told(own_client, "wait_for_run", run_id=run_id, timeout_s=10)
    failures = told(own_client, "show_failures", run_id=run_id)
    (case,) = failures["cases"]
    (job,) = failures["jobs"]
    image = called(own_client, "read_evidence", job_id=case["job_id"], attempt=1, name="screen.png")

    assert (waited["finished"], waited["exit_code"]) == (True, 1)
    assert (failures["failed_cases"], failures["failed_jobs"]) == (1, 1)
    assert (case["title"], case["outcome"], case["attempts"]) == ("pays", "failed", 1)
    assert (case["errors"], case["standing"]) == (["the total was 12 €, not 13 €"], "first_seen_failing")
    assert [(file["attempt"], file["name"]) for file in case["evidence"]] == [(1, "screen.png")]
    assert (job["test_path"], job["verdict"]) == ("tests/login.spec.ts", "failed")
    (content,) = image.content
    assert isinstance(content, ImageContent)
    assert content.mime_type == "image/png"


@pytest.mark.usefixtures("run_id")
def test_a_text_of_evidence_is_read_by_its_end(own_client: Client, tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_text("x" * 30_000 + "the end", encoding="utf-8")
    lease = Hand(own_client).run(Verdict.PASSED, [Told(title="opens")], evidence=tmp_path / "output.txt")
    job_id = lease["jobs"][0]["job_id"]

    text = said(called(own_client, "read_evidence", job_id=job_id, attempt=1, name="output.txt"))
    missing = called(own_client, "read_evidence", job_id=job_id, attempt=1, name="trace.zip")

    assert text.startswith("(the last 20000 of 30007 characters)")
    assert text.endswith("the end")
    assert missing.is_error
    assert "left no trace.zip. There is: attempt 1: output.txt." in said(missing)


@pytest.mark.usefixtures("run_id")
def test_devices_are_listed_with_what_they_hold(own_client: Client) -> None:
    Hand(own_client).run(Verdict.PASSED, [Told(title="opens")])
    (device,) = told(own_client, "list_devices")["devices"]

    assert (device["model"], device["status"], device["os_version"]) == ("Virtual Android by hand", "idle", "14")
    assert (device["targets"], device["quarantine_reason"]) == (["emulator"], None)


def test_a_job_that_waits_is_explained(own_client: Client, run_id: str) -> None:
    (job_id,) = own_client.jobs.get_run(run_id)["job_ids"]
    explained = told(own_client, "explain", name=job_id)["job"]

    assert explained["waiting"]["kind"] == "nobody"


def test_what_is_not_there_is_told_in_a_sentence(own_client: Client) -> None:
    answered = called(own_client, "explain", name="worker-of-nobody")

    assert answered.is_error
    assert "There is no job and no worker worker-of-nobody." in said(answered)


def test_tests_of_the_one_project_are_found_brought_and_submitted(own_user: User, own_client: Client) -> None:
    project = find_project(make_listed_project(own_user.folder))
    submitted = told(own_client, "run_tests", allow_writes=True, project=project, paths=[LOGIN_SPEC], tags=["smoke"])
    (job_id,) = own_client.jobs.get_run(str(submitted["run_id"]))["job_ids"]
    outside = called(own_client, "run_tests", allow_writes=True, project=project, paths=["../elsewhere.spec.ts"])

    assert submitted["jobs"] == 1
    assert own_client.jobs.get(job_id)["payload"]["test_path"] == LOGIN_SPEC
    assert own_client.jobs.get(job_id)["payload"]["metadata"] == {"by": "qgjob mcp"}
    assert outside.is_error


def test_without_a_project_no_test_is_run(own_client: Client) -> None:
    answered = called(own_client, "run_tests", allow_writes=True)

    assert answered.is_error
    assert "There is no Appwright project where this server was started" in said(answered)


def test_with_leave_to_write_runs_are_cancelled_and_submitted_again(own_client: Client, run_id: str) -> None:
    told(own_client, "cancel_run", allow_writes=True, run_id=run_id)
    again = told(own_client, "retry_run", allow_writes=True, run_id=run_id)

    assert own_client.jobs.get_run(run_id)["verdicts"] == {"cancelled": 1}
    assert own_client.jobs.get_run(str(again["run_id"]))["jobs"] == {"pending": 1}


def test_a_question_about_no_org_asks_which(client: Client) -> None:
    async def call(agent: Agent) -> object:
        return await agent.call_tool("list_cases", {})

    answered = asked(client, call, org=None)
    assert isinstance(answered, CallToolResult)
    assert "Which org? Name one, or start the server with --org-id or QGJOB_ORG." in said(answered)


@pytest.mark.exam
def test_the_program_speaks_the_protocol_on_stdin_and_stdout(user: User) -> None:
    program = StdioServerParameters(
        command=sys.executable,
        args=["-m", "qgjob", "mcp"],
        env=environment(user.folder, {"QGJOB_SERVER_URL": user.server_url, "QGJOB_ORG": user.org}),
        cwd=user.folder,
    )

    async def ask() -> tuple[list[str], object]:
        async with Agent(program) as agent:
            tools = await agent.list_tools()
            answered = await agent.call_tool("list_runs", {})
            assert isinstance(answered, CallToolResult)
            return [tool.name for tool in tools.tools], answered.structured_content

    assert asyncio.run(ask()) == (READING, {"runs": []})
