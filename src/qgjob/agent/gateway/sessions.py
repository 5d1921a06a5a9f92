"""The sessions of one device, one at a time: opened, watched and ended, with a record of each and of every fault.

Once Appium or the device is lost everything is refused at once: a test must not spend minutes on finding out.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from qgjob.agent.gateway import limits
from qgjob.agent.gateway.creation import Created, NotCreated, SessionMaker
from qgjob.agent.gateway.faults import FaultKind, GatewayFault, command_fault
from qgjob.agent.gateway.messages import Answer, Asked, final_refusal, refusal, success
from qgjob.agent.gateway.screenshots import Screenshots
from qgjob.agent.gateway.session import OpenSession, Session
from qgjob.agent.gateway.upstream import AppiumGone, AppiumSilent, Upstream

_POLL_S = 0.2
_FINE = frozenset({"passed", "skipped"})


class DeviceSessions:
    """All sessions that tests open through one gateway. Raises what `Upstream.pass_on` does."""

    def __init__(self, upstream: Upstream, maker: SessionMaker, screenshots: Screenshots) -> None:
        self.faults: list[GatewayFault] = []
        self.fatal: GatewayFault | None = None
        self.lost = asyncio.Event()  # set together with `fatal`
        self._ended: list[Session] = []
        self._upstream = upstream
        self._maker = maker
        self._screenshots = screenshots
        self._open: OpenSession | None = None
        self._device = asyncio.Lock()  # held from before a session is created until it has ended

    @property
    def records(self) -> tuple[Session, ...]:
        """Every session so far, in the order they were opened."""
        return (*self._ended, *([] if self._open is None else [self._open.record]))

    def note(self, kind: FaultKind, message: str, *, case_id: str | None, hopeless: bool) -> None:
        """Keep a fault; after a hopeless one nothing is granted any more."""
        if self.fatal is not None:
            return  # what follows from it is no news
        shown = message[: limits.MOST_MESSAGE_CHARACTERS]
        fault = GatewayFault(at=datetime.now(UTC), kind=kind, message=shown, case_id=case_id)
        self.faults.append(fault)
        if hopeless:
            self.fatal = fault
            self.lost.set()

    async def create(self, asked: Asked) -> Answer:
        """`POST /session`."""
        if not await self._take_device(limits.WAIT_FOR_DEVICE_S):
            return refusal("session not created", "Another session on this device is still open.")
        try:
            # The session that was waited for may have found out that the device is lost.
            answer = await self._create(asked) if self.fatal is None else final_refusal(self.fatal.message)
        finally:
            if self._open is None:
                self._device.release()
        if self._open is not None and asked.nobody_waits:
            await self._end(self._open)
        return answer

    async def command(self, asked: Asked, session_id: str) -> Answer:
        """Anything inside a session."""
        session = self._session(session_id)
        if session is None:
            return final_refusal(f"There is no session {session_id} on this device.")
        session.used_over(asked.connection)
        if session.broken is not None:
            return final_refusal(session.broken)
        try:
            answer = await self._answer(asked, session)
        except AppiumSilent as error:
            return await self._broken(session, FaultKind.SESSION_LOST, error.message)
        kind = None if answer.ok else command_fault(answer.message())
        return answer if kind is None else await self._broken(session, kind, answer.message())

    async def end(self, asked: Asked, session_id: str) -> Answer:
        """`DELETE /session/{id}`, with a screenshot before it unless the test says that all is well."""
        session = self._session(session_id)
        if session is None:
            return success(None)
        record = session.record
        if session.broken is None and asked.test.status not in _FINE:
            name = record.session_id if record.case_id is None else f"{record.case_id}-{record.retry}"
            path = await self._screenshots.take(self._upstream, record.session_id, name=name)
            session.record = replace(record, screenshot=path)
        return await self._end(session)

    async def close(self) -> None:
        """End what is open, also what a creation under way still brings; the device is not given free again."""
        await self._take_device(limits.CLOSE_S, by_force=True)

    async def _take_device(self, timeout_s: float, *, by_force: bool = False) -> bool:
        """Wait for the session before to end; end it where nobody else can, or in any case."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._open is not None and (by_force or self._open.abandoned):
                await self._end(self._open)
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):
                    await self._device.acquire()
                return True
        return False

    async def _create(self, asked: Asked) -> Answer:
        match await self._maker.make(asked):
            case Created(session=record, answer=answer):
                self._open = OpenSession(record, asked.connection)
                return answer
            case NotCreated(kind=kind, message=message, hopeless=hopeless):
                self.note(kind, message, case_id=asked.test.case_id, hopeless=hopeless)
                return final_refusal(message)
            case Answer() as answer:
                return answer

    def _session(self, session_id: str) -> OpenSession | None:
        session = self._open
        return session if session is not None and session.record.session_id == session_id else None

    async def _answer(self, asked: Asked, session: OpenSession) -> Answer:
        """Wait for Appium, no longer than its device is there."""
        answering = asyncio.create_task(self._upstream.pass_on(asked, timeout_s=limits.COMMAND_S))
        try:
            answered, _ = await asyncio.wait([answering], timeout=limits.SUSPICIOUS_S)
            if not answered and await self._is_lost(session.record.case_id):
                raise AppiumSilent("The device stopped answering in the middle of a command.")
            return await answering
        finally:
            answering.cancel()

    async def _broken(self, session: OpenSession, kind: FaultKind, message: str) -> Answer:
        session.broken = message
        case_id = session.record.case_id
        self.note(kind, message, case_id=case_id, hopeless=kind is FaultKind.DEVICE_GONE)
        # The driver's server dies alone or with its device; asked now, nobody waits for a test that cannot succeed.
        if self.fatal is None:
            await self._is_lost(case_id)
        return final_refusal(message)

    async def _is_lost(self, case_id: str | None) -> bool:
        """Ask whether the device is still there with its app, and note it when not."""
        unproven = await self._maker.unproven()
        if unproven is not None:
            self.note(unproven.kind, unproven.message, case_id=case_id, hopeless=unproven.hopeless)
        return unproven is not None

    async def _end(self, session: OpenSession) -> Answer:
        """End a session and give the device free. A session that Appium does not confirm is recorded as not ended."""
        self._open = None
        began, ended = time.monotonic(), False
        try:
            ended = await self._delete(session.record)
        finally:
            now, seconds = datetime.now(UTC), time.monotonic() - began
            self._ended.append(replace(session.record, ended_at=now, delete_seconds=seconds, ended=ended))
            self._device.release()
        return success(None)  # whatever went wrong here, the case is over: its result must not suffer from it

    async def _delete(self, record: Session) -> bool:
        """Have Appium end a session, also on a lost device: it has ports and processes of it to let go of."""
        path = f"/session/{record.session_id}"
        try:
            answer = await self._upstream.ask("DELETE", path, timeout_s=limits.DELETE_S)
        except AppiumSilent as error:
            self.note(FaultKind.SESSION_LOST, error.message, case_id=record.case_id, hopeless=False)
            return False
        except AppiumGone as error:
            self.note(FaultKind.APPIUM_GONE, error.message, case_id=record.case_id, hopeless=True)
            return False
        if not answer.ok and command_fault(answer.message()) is FaultKind.DEVICE_GONE:
            self.note(FaultKind.DEVICE_GONE, answer.message(), case_id=record.case_id, hopeless=True)
        return answer.ok
