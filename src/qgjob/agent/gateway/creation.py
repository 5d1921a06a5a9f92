"""How one session comes to be: the app proved, the capabilities rewritten, Appium asked, the answer understood."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from qgjob.agent.gateway import limits
from qgjob.agent.gateway.capabilities import CapabilityRules, rewritten
from qgjob.agent.gateway.faults import FaultKind, creation_fault
from qgjob.agent.gateway.messages import Answer, Asked, refusal
from qgjob.agent.gateway.session import Session
from qgjob.agent.gateway.upstream import AppiumSilent, Upstream
from qgjob.core.errors import QgjobError

Prove = Callable[[], Awaitable[None]]
"""Raises a QgjobError when the device does not hold the submitted app, or is not there."""


@dataclass(frozen=True, kw_only=True)
class Created:
    """A session that is open now, and Appium's answer for the test."""

    session: Session
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class NotCreated:
    """A session that could not be had, and why. `hopeless`: nor will any other on this device."""

    kind: FaultKind
    message: str
    hopeless: bool


class SessionMaker:
    """Creates the sessions of one device. Remembers what earlier ones have prepared there, and how many failed."""

    def __init__(self, upstream: Upstream, rules: CapabilityRules, prove: Prove) -> None:
        self._upstream = upstream
        self._rules = rules
        self._prove = prove
        self._prepared = False
        self._failed_in_a_row = 0

    async def make(self, asked: Asked) -> Created | NotCreated | Answer:
        """Create one session; a bare Answer refuses a request that is none. Raises AppiumGone, AnswerTooLarge."""
        try:
            body = json.loads(asked.body)
            rewritten(body, self._rules, prepared=False)
        except (ValueError, RecursionError) as error:
            return refusal("invalid argument", f"This is no request for a new session: {error}.")
        unproven = await self.unproven()
        return await self._create(asked, body) if unproven is None else unproven

    async def unproven(self) -> NotCreated | None:
        """Ask for the proof that the device is there with the submitted app; None when it was given."""
        try:
            async with asyncio.timeout(limits.PROVE_S):
                await self._prove()
        except QgjobError as error:
            message = error.message
        except TimeoutError:
            message = f"The device did not show within {limits.PROVE_S:g} s which app it holds."
        else:
            return None
        return NotCreated(kind=FaultKind.NOT_PROVEN, message=message, hopeless=True)

    async def _create(self, asked: Asked, body: object) -> Created | NotCreated:
        """Take the quick way where the device is prepared; when that fails, prepare it again."""
        outcome: Created | NotCreated | None = None
        if self._prepared:
            outcome = await self._ask(asked, body, prepared=True)
        if outcome is None or (isinstance(outcome, NotCreated) and outcome.kind is FaultKind.SESSION_NOT_CREATED):
            outcome = await self._ask(asked, body, prepared=False)
        self._prepared = isinstance(outcome, Created)
        return outcome

    async def _ask(self, asked: Asked, body: object, *, prepared: bool) -> Created | NotCreated:
        started_at, began = datetime.now(UTC), time.monotonic()
        request = json.dumps(rewritten(body, self._rules, prepared=prepared)).encode()
        try:
            answer = await self._upstream.pass_on(asked, body=request, timeout_s=limits.CREATE_S)
        except AppiumSilent as error:
            # What it is still doing there cannot be told, so nobody else may use the device through it.
            return NotCreated(kind=FaultKind.SESSION_NOT_CREATED, message=error.message, hopeless=True)
        session_id = _session_id(answer)
        if session_id is None:
            return self._failed(answer.message())
        self._failed_in_a_row = 0
        session = Session(
            session_id=session_id,
            case_id=asked.test.case_id,
            retry=asked.test.retry,
            started_at=started_at,
            create_seconds=time.monotonic() - began,
        )
        return Created(session=session, answer=answer)

    def _failed(self, message: str) -> NotCreated:
        self._failed_in_a_row += 1
        kind = creation_fault(message)
        too_many = self._failed_in_a_row >= limits.CREATIONS_BEFORE_GIVING_UP
        return NotCreated(kind=kind, message=message, hopeless=kind is FaultKind.DEVICE_GONE or too_many)


def _session_id(answer: Answer) -> str | None:
    value = answer.value()
    session_id = value.get("sessionId") if isinstance(value, dict) else None
    return session_id if answer.ok and isinstance(session_id, str) and session_id.replace("-", "").isalnum() else None
