"""What goes wrong beneath a test: kept as a fault, told apart, and never paid for twice."""

import asyncio

import pytest
from aiohttp import web

from qgjob.agent.gateway import FaultKind, limits
from qgjob.core.errors import InfrastructureError
from qgjob.core.words import Fault
from tests.agent.gateway.appium_standin import AppiumStandIn, Received, failure
from tests.agent.gateway.conftest import OpenGateway

pytestmark = pytest.mark.anyio

DEAD_INSTRUMENTATION = (
    "'POST /elements' cannot be proxied to UiAutomator2 server because the instrumentation process is not running "
    "(probably crashed)."
)


class Proof:
    """A proof that can be withdrawn."""

    def __init__(self) -> None:
        self.message: str | None = None
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1
        if self.message is not None:
            raise InfrastructureError(self.message)


async def test_no_session_is_opened_without_the_proof(opened: OpenGateway, appium: AppiumStandIn) -> None:
    proof = Proof()
    proof.message = "The app on emulator-5554 is not the one that was submitted."
    gateway, process = await opened(prove=proof)
    reply = await process.open_session(case="c1")
    assert appium.received == []
    assert proof.message in reply.message
    (fault,) = gateway.faults
    assert (fault.kind, fault.fault, fault.case_id) == (FaultKind.NOT_PROVEN, Fault.INFRASTRUCTURE, "c1")
    assert fault.message == proof.message


async def test_the_proof_is_asked_before_every_session(opened: OpenGateway) -> None:
    proof = Proof()
    _, process = await opened(prove=proof)
    for session_id in ("s1", "s2"):
        await process.open_session()
        await process.end_session(session_id)
    assert proof.asked == 2


async def test_a_proof_that_takes_too_long_counts_as_none(opened: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROVE_S", 0.05)
    gateway, process = await opened(prove=asyncio.Event().wait)
    await process.open_session()
    assert gateway.is_lost
    assert gateway.faults[0].message == "The device did not show within 0.05 s which app it holds."


async def test_a_session_that_was_not_created_is_a_fault_in_appiums_words(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    appium.fails("POST", "session", "The instrumentation process cannot be initialized.")
    gateway, process = await opened()
    reply = await process.open_session(case="c1")
    (fault,) = gateway.faults
    assert (fault.kind, fault.fault, fault.case_id) == (FaultKind.SESSION_NOT_CREATED, Fault.INFRASTRUCTURE, "c1")
    assert fault.message == "The instrumentation process cannot be initialized."
    assert not gateway.is_lost
    # The webdriver package asks up to sixteen times, save for this status with these words.
    assert reply.status == 404
    assert "invalid session id" in reply.message


async def test_an_app_that_does_not_start_is_the_apps_own_fault(opened: OpenGateway, appium: AppiumStandIn) -> None:
    appium.fails("POST", "session", "Cannot start the 'com.example.shop' application.")
    gateway, process = await opened()
    await process.open_session()
    assert gateway.faults[0].fault is Fault.APP


async def test_after_two_sessions_in_a_row_that_were_not_created_none_is_tried(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    appium.fails("POST", "session", "no")
    gateway, process = await opened()
    for _ in range(3):
        assert (await process.open_session()).status == 404
    assert gateway.is_lost
    assert len(appium.requests("POST", "/session")) == 2
    assert len(gateway.faults) == 2


async def test_a_lost_device_is_not_asked_again(opened: OpenGateway, appium: AppiumStandIn) -> None:
    appium.fails("POST", "session", "Could not find a connected Android device in 20000ms")
    gateway, process = await opened()
    await process.open_session()
    reply = await process.open_session()
    assert "Could not find a connected Android device" in reply.message
    assert len(appium.requests("POST", "/session")) == 1
    assert (await gateway.wait_until_lost()).kind is FaultKind.DEVICE_GONE


async def test_when_appium_dies_under_a_command_everything_is_answered_at_once(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    gateway, process = await opened()
    await process.open_session(case="c1")

    async def die(_request: Received) -> web.Response:
        await appium.die()
        return failure("never sent")

    appium.on["GET", "source"] = die
    first = await process.ask("GET", "/session/s1/source")
    second = await process.open_session()
    end = await process.end_session("s1", status="failed")
    assert (first.status, second.status, end.status) == (404, 404, 200)
    assert (await gateway.wait_until_lost()).kind is FaultKind.APPIUM_GONE
    assert len(gateway.faults) == 1
    assert [session.ended for session in gateway.sessions] == [False]


async def test_an_appium_that_was_never_there_is_told_as_such(opened: OpenGateway, appium: AppiumStandIn) -> None:
    await appium.die()
    gateway, process = await opened()
    await process.open_session()
    assert gateway.faults[0].kind is FaultKind.APPIUM_GONE
    assert gateway.faults[0].message.startswith(f"Appium at http://127.0.0.1:{appium.port} is gone (POST /session")


async def test_a_session_whose_server_died_is_not_asked_again(opened: OpenGateway, appium: AppiumStandIn) -> None:
    proof = Proof()
    gateway, process = await opened(prove=proof)
    await process.open_session(case="c1")
    appium.fails("POST", "elements", DEAD_INSTRUMENTATION)
    for _ in range(3):
        reply = await process.ask("POST", "/session/s1/elements", {})
        assert (reply.status, DEAD_INSTRUMENTATION in reply.message) == (404, True)
    assert len(appium.requests("POST", "/session/s1/elements")) == 1
    assert [fault.kind for fault in gateway.faults] == [FaultKind.SESSION_LOST]
    assert proof.asked == 2
    assert not gateway.is_lost


async def test_a_server_that_died_with_its_device_means_that_the_device_is_lost(
    opened: OpenGateway, appium: AppiumStandIn
) -> None:
    proof = Proof()
    gateway, process = await opened(prove=proof)
    await process.open_session(case="c1")
    appium.fails("POST", "elements", DEAD_INSTRUMENTATION)
    proof.message = "emulator-5554 does not answer."
    await process.ask("POST", "/session/s1/elements", {})
    assert [fault.kind for fault in gateway.faults] == [FaultKind.SESSION_LOST, FaultKind.NOT_PROVEN]
    assert (await gateway.wait_until_lost()).message == "emulator-5554 does not answer."


async def test_a_command_that_appium_does_not_answer_ends_the_session(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMAND_S", 0.05)

    async def never(_request: Received) -> web.Response:
        await asyncio.Event().wait()
        return failure("never sent")

    appium.on["GET", "source"] = never
    gateway, process = await opened()
    await process.open_session()
    reply = await process.ask("GET", "/session/s1/source")
    assert "Appium did not answer GET /session/s1/source within 0.05 s." in reply.message
    assert gateway.faults[0].kind is FaultKind.SESSION_LOST


async def test_a_session_that_appium_is_still_creating_makes_the_device_unusable(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CREATE_S", 0.05)

    async def never(_request: Received) -> web.Response:
        await asyncio.Event().wait()
        return failure("never sent")

    appium.on["POST", "session"] = never
    gateway, process = await opened()
    await process.open_session()
    assert gateway.is_lost
    assert gateway.faults[0].message == "Appium did not answer POST /session within 0.05 s."


async def test_an_end_that_appium_refuses_does_not_fail_the_test(opened: OpenGateway, appium: AppiumStandIn) -> None:
    gateway, process = await opened()
    await process.open_session()
    appium.fails("DELETE", "s1", "had trouble")
    assert (await process.end_session("s1")).status == 200
    assert [session.ended for session in gateway.sessions] == [False]
    assert (await process.open_session()).status == 200


async def test_the_agent_can_be_the_first_to_know(opened: OpenGateway, appium: AppiumStandIn) -> None:
    gateway, process = await opened()
    await process.open_session()
    gateway.give_up("adb says that emulator-5554 is gone.")
    reply = await process.ask("POST", "/session/s1/elements", {})
    assert "adb says that emulator-5554 is gone." in reply.message
    assert len(appium.received) == 1


async def test_a_command_in_no_session_of_this_device_is_refused(opened: OpenGateway, appium: AppiumStandIn) -> None:
    _, process = await opened()
    reply = await process.ask("GET", "/session/another/source")
    assert "There is no session another on this device." in reply.message
    assert appium.received == []


async def test_a_device_that_froze_is_found_out_before_the_command_times_out(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUSPICIOUS_S", 0.05)
    proof = Proof()

    async def freeze(_request: Received) -> web.Response:
        proof.message = "emulator-5554 does not answer."
        await asyncio.Event().wait()
        return failure("never sent")

    appium.on["GET", "source"] = freeze
    gateway, process = await opened(prove=proof)
    await process.open_session(case="c1")
    await process.ask("GET", "/session/s1/source")
    assert (await gateway.wait_until_lost()).message == "emulator-5554 does not answer."


async def test_a_slow_command_on_a_device_that_is_there_is_waited_for(
    opened: OpenGateway, appium: AppiumStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUSPICIOUS_S", 0.05)
    proof = Proof()

    async def slow(_request: Received) -> web.Response:
        while proof.asked < 2:  # noqa: ASYNC110 -- the proof is ours to count, not to wait for
            await asyncio.sleep(0.01)
        return web.json_response({"value": "at last"})

    appium.on["GET", "source"] = slow
    gateway, process = await opened(prove=proof)
    await process.open_session()
    assert (await process.ask("GET", "/session/s1/source")).value == "at last"
    assert gateway.faults == ()
