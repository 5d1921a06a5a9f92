"""A session's life through the gateway: opened on the leased device, one at a time, ended whatever happens."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from qgjob.agent.gateway import Gateway, limits
from tests.agent.gateway.appium_standin import PICTURE, AppiumStandIn, Received, answer, failure
from tests.agent.gateway.client import ASKED, TestProcess
from tests.agent.gateway.conftest import SCREENSHOTS, OpenGateway

pytestmark = pytest.mark.anyio


def asked_of(request: Received) -> dict[str, object]:
    asked = request.json()["capabilities"]["alwaysMatch"]
    assert isinstance(asked, dict)
    return asked


async def test_a_session_is_opened_on_the_leased_device(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    reply = await process.open_session(case="c1")
    assert (reply.status, reply.value) == (200, {"sessionId": "s1", "capabilities": {}})
    (request,) = appium.requests("POST", "/session")
    assert asked_of(request) == {
        "platformName": "android",
        "appium:automationName": "uiautomator2",
        "appium:appPackage": "com.example.shop",
        "appium:udid": "127.0.0.1:6655",
        "appium:systemPort": 8301,
        "appium:adbPort": 5999,
        "appium:suppressKillServer": True,
        "appium:fullReset": False,
        "appium:noReset": False,
    }


async def test_what_the_preload_says_goes_no_further(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    await process.open_session(case="c1")
    (request,) = appium.received
    assert not [name for name in request.headers if name.startswith("x-qgjob")]


async def test_later_sessions_skip_what_the_first_has_prepared(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    for session_id in ("s1", "s2"):
        await process.open_session()
        await process.end_session(session_id)
    first, second = appium.requests("POST", "/session")
    assert "appium:skipServerInstallation" not in asked_of(first)
    assert asked_of(second)["appium:skipServerInstallation"] is True
    assert asked_of(second)["appium:skipDeviceInitialization"] is True


async def test_a_quick_session_that_fails_is_prepared_anew(opened: OpenGateway, appium: AppiumStandIn) -> None:
    gateway, process = await opened()
    await process.open_session()
    await process.end_session("s1")

    async def no_server(request: Received) -> web.Response:
        if "appium:skipServerInstallation" in asked_of(request):
            return failure("the server is not installed")
        return answer({"sessionId": "s2"})

    appium.on["POST", "session"] = no_server
    assert (await process.open_session()).status == 200
    assert len(appium.requests("POST", "/session")) == 3
    assert gateway.faults == ()


async def test_a_command_and_its_answer_pass_unchanged(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    await process.open_session()

    async def not_found(_request: Received) -> web.Response:
        return failure("An element could not be located", error="no such element", status=404)

    appium.on["POST", "element"] = not_found
    reply = await process.ask("POST", "/session/s1/element?a=%26", {"using": "id", "value": "ü"})
    assert (reply.status, reply.error, reply.message) == (404, "no such element", "An element could not be located")
    (request,) = appium.requests("POST", "/session/s1/element?a=%26")
    assert request.json() == {"using": "id", "value": "ü"}
    assert request.headers["content-type"] == "application/json"


async def test_sessions_are_recorded_with_their_case_and_their_times(opened: OpenGateway) -> None:
    gateway, process = await opened()
    await process.open_session(case="c1", retry=1)
    await process.end_session("s1")
    (session,) = gateway.sessions
    assert (session.session_id, session.case_id, session.retry, session.ended) == ("s1", "c1", 1, True)
    assert session.ended_at is not None
    assert session.delete_seconds is not None
    assert session.started_at < session.ended_at
    assert session.create_seconds > 0 < session.delete_seconds


async def test_a_second_session_waits_until_the_first_has_ended(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    await process.open_session()
    second = asyncio.create_task(process.open_session())
    await process.ask("GET", "/session/s1/source")
    assert len(appium.requests("POST", "/session")) == 1
    await process.end_session("s1")
    assert (await second).value == {"sessionId": "s2", "capabilities": {}}


async def test_a_second_session_does_not_wait_for_ever(opened: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WAIT_FOR_DEVICE_S", 0.1)
    _, process = await opened()
    await process.open_session()
    reply = await process.open_session()
    assert (reply.status, reply.error) == (400, "session not created")
    assert reply.message == "Another session on this device is still open."


async def test_the_session_of_a_process_that_is_gone_is_ended_for_the_next(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    gateway, crashed = await opened()
    await crashed.open_session(case="c1")
    await crashed.end()
    next_process = TestProcess(crashed.port)
    assert (await next_process.open_session(case="c2")).status == 200
    await next_process.end()
    assert len(appium.requests("DELETE", "/session/s1")) == 1
    assert [(session.case_id, session.ended) for session in gateway.sessions] == [("c1", True), ("c2", False)]


async def test_a_session_that_nobody_waits_for_any_more_is_ended_at_once(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    gateway, process = await opened()
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: Received) -> web.Response:
        asked.set()
        await go_on.wait()
        return answer({"sessionId": "s1"})

    appium.on["POST", "session"] = slow
    opening = asyncio.create_task(process.open_session())
    await asked.wait()
    opening.cancel()
    await process.end()
    go_on.set()
    await gateway.close()
    assert len(appium.requests("DELETE", "/session/s1")) == 1


async def test_open_sessions_are_ended_when_the_gateway_closes(opened: OpenGateway, appium: AppiumStandIn) -> None:
    gateway, process = await opened()
    await process.open_session()
    await gateway.close()
    assert len(appium.requests("DELETE", "/session/s1")) == 1
    assert [session.ended for session in gateway.sessions] == [True]


async def end_with(gateway: Gateway, process: TestProcess, *, status: str) -> Path | None:
    await process.open_session(case="c1")
    reply = await process.end_session("s1", status=status)
    assert reply.status == 200
    return gateway.sessions[0].screenshot


async def test_a_case_that_did_not_pass_leaves_a_screenshot(opened: OpenGateway, tmp_path: Path) -> None:
    gateway, process = await opened()
    path = await end_with(gateway, process, status="failed")
    assert path == tmp_path / SCREENSHOTS / "c1-0.png"
    assert path.read_bytes() == PICTURE


async def test_a_case_that_passed_leaves_none(opened: OpenGateway, appium: AppiumStandIn) -> None:
    gateway, process = await opened()
    assert await end_with(gateway, process, status="passed") is None
    assert appium.requests("GET", "/session/s1/screenshot") == []


@pytest.mark.parametrize("picture", [answer("no base64!"), answer(None), failure("unable to capture screen")])
async def test_a_screenshot_that_cannot_be_had_changes_nothing(
    opened: OpenGateway, appium: AppiumStandIn, picture: web.Response
) -> None:
    async def shown(_request: Received) -> web.Response:
        return picture

    appium.on["GET", "screenshot"] = shown
    gateway, process = await opened()
    assert await end_with(gateway, process, status="timedOut") is None
    assert gateway.sessions[0].ended


@pytest.mark.parametrize("case", ["../../etc/passwd", "a b", "x" * 300])
async def test_a_case_id_that_is_none_is_not_believed(opened: OpenGateway, case: str) -> None:
    gateway, process = await opened()
    await process.open_session(case=case)
    assert gateway.sessions[0].case_id is None


@pytest.mark.parametrize("body", [[], {}, {"capabilities": 1}, ASKED["capabilities"]])
async def test_what_is_no_request_for_a_session_never_reaches_appium(
    opened: OpenGateway, appium: AppiumStandIn, body: object
) -> None:
    _, process = await opened()
    reply = await process.ask("POST", "/session", body)
    assert (reply.status, reply.error) == (400, "invalid argument")
    assert appium.received == []
    assert (await process.open_session()).status == 200


async def test_a_body_that_is_too_large_is_refused(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.agent.gateway.server.MOST_BODY_BYTES", 1000)
    _, process = await opened()
    await process.open_session()
    reply = await process.ask("POST", "/session/s1/element/e1/value", {"text": "x" * 1000})
    assert (reply.status, reply.message) == (400, "The request is larger than 1000 bytes.")
    assert len(appium.received) == 1


async def test_an_answer_that_is_too_large_is_not_held(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.agent.gateway.upstream.MOST_BODY_BYTES", 1000)

    async def large(_request: Received) -> web.Response:
        return answer("x" * 1000)

    appium.on["GET", "source"] = large
    _, process = await opened()
    await process.open_session()
    reply = await process.ask("GET", "/session/s1/source")
    assert (reply.status, reply.message) == (400, "An answer of Appium is larger than 1000 bytes.")


async def test_what_is_outside_of_a_session_is_appiums_to_answer(opened: OpenGateway, appium: AppiumStandIn) -> None:
    async def ready(_request: Received) -> web.Response:
        return answer({"ready": True})

    appium.on["GET", "status"] = ready
    _, process = await opened()
    assert (await process.ask("GET", "/status")).value == {"ready": True}
