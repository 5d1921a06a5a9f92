"""POST: does one verb and answers with what it returned, once for each `Idempotency-Key` however often it comes.

The answer is remembered in the verb's own transaction: whoever was answered can ask again, and a crash in between
leaves neither the deed nor the answer.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header
from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qgjob.core.errors import Unavailable
from qgjob.core.job import JobRequest
from qgjob.server.bodies import body_of
from qgjob.server.desk import Desk, desk_of
from qgjob.server.findings import refusal_of
from qgjob.server.longpoll import ask_until_answered
from qgjob.service.idempotency import Answered, Keyed, Overtaken, once
from qgjob.service.intake import Push
from qgjob.service.jobs.making import NewRun
from qgjob.service.submit import Submitted
from qgjob.store import Transaction

T = TypeVar("T")
U = TypeVar("U")

_KEY = "Idempotency-Key"
_REPLAYED = "Idempotency-Replayed"
_TRIES = 3
_DIGEST_ASIDE_BYTES = 1024 * 1024

Verb = Callable[[Transaction], T]
Show = Callable[[T], object]
"""Makes a typed dict of `qgjob.wire` of what a verb returned. It runs where the verb does, and is as quick."""


class Lane(Protocol):
    """One of the desk's ways to run a verb."""

    async def __call__(self, verb: Verb[U]) -> U:
        """Run it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One POST under way."""

    desk: Desk
    request: Request
    key: str | None

    async def write(self, verb: Verb[T], show: Show[T], *, status: int = 200, org_id: str = "") -> Response:
        """Run an ordinary verb and answer. Keys of different orgs, where they are known, never meet."""
        return await self._answer(self.desk.write, verb, show, status=status, org_id=org_id)

    async def submit(self, requests: Sequence[JobRequest], show: Show[Submitted], *, org_id: str) -> Response:
        """Submit jobs of an org, together with what others submit at the same time, and answer. They may join a run."""
        keyed = None if self.key is None else await self._keyed(self.key, org_id=org_id)
        push = Push(
            run=NewRun(requests=requests, joins=True), keyed=keyed, show=lambda submitted: _json(show(submitted))
        )
        return _answered(await self.desk.intake.submit(push), status=201)

    async def decide(self, verb: Verb[T], show: Show[T], *, status: int = 200) -> Response:
        """Run a verb that decides by sums or writes to workers, and answer."""
        return await self._answer(self.desk.decide, verb, show, status=status, org_id="")

    async def hold(self, verb: Verb[Sequence[T]], show: Show[Sequence[T]], *, topic: str, wait_s: float) -> Response:
        """Run a verb that decides, again whenever `topic` is touched until it returns something or the time is up."""
        until_answered = partial(
            ask_until_answered, wakes=self.desk.wakes, topic=topic, wait_s=wait_s, request=self.request
        )
        if self.key is None:
            found = await until_answered(lambda: self.desk.decide(verb))
            return _response(_json(show(found)), status=200)

        def deed(tx: Transaction) -> str | None:
            found = verb(tx)
            return _json(show(found)) if found else None

        keyed = await self._keyed(self.key, org_id="")
        answered = await until_answered(lambda: self._once(self.desk.decide, keyed, deed))
        if answered is None:
            answered = await self._once(self.desk.decide, keyed, lambda _: _json(show(())))
        return _answered(answered, status=200)

    async def _answer(self, lane: Lane, verb: Verb[T], show: Show[T], *, status: int, org_id: str) -> Response:
        if self.key is None:
            return _response(_json(show(await lane(verb))), status=status)
        keyed = await self._keyed(self.key, org_id=org_id)
        return _answered(await self._once(lane, keyed, lambda tx: _json(show(verb(tx)))), status=status)

    async def _keyed(self, key: str, *, org_id: str) -> Keyed:
        """Tell requests apart by all that is sent: the path, the parameters and the bytes of the body."""
        scope = self.request.scope
        asked = b"%s?%s\n" % (scope["raw_path"], scope["query_string"])
        body = await body_of(self.request)
        if len(body) > _DIGEST_ASIDE_BYTES:
            return Keyed(scope=org_id, key=key, digest=await asyncio.to_thread(_digest, asked, body))
        return Keyed(scope=org_id, key=key, digest=_digest(asked, body))

    async def _once(self, lane: Lane, request: Keyed, deed: Verb[str | None]) -> Answered | None:
        for _ in range(_TRIES):
            with suppress(Overtaken):
                return await lane(partial(once, request=request, deed=deed))
        raise Unavailable("The same request is being answered elsewhere: ask again in a few seconds.")


Key = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern="^[ -~]+$")]
_KEYS: TypeAdapter[str] = TypeAdapter(Key)
_ABOUT_KEYS = (
    "New for each request, and the same when that is sent again: for a day the same request under the same key is done "
    "once, and answered as it was the first time."
)


async def take_posting(
    request: Request, key: Annotated[Key | None, Header(alias=_KEY, description=_ABOUT_KEYS)] = None
) -> Posting:
    """Take a request as a POST under way; for FastAPI, which validates the key and documents it."""
    return Posting(desk=desk_of(request.app), request=request, key=key)


PostHere = Annotated[Posting, Depends(take_posting)]


def posting_of(request: Request) -> Posting:
    """Take a request as a POST under way, as `take_posting` does. Raises InvalidRequest for a key that is none."""
    key = request.headers.get(_KEY)
    if key is not None:
        try:
            _KEYS.validate_python(key)
        except ValidationError as error:
            raise refusal_of([{**each, "loc": ("header", _KEY)} for each in error.errors()]) from None
    return Posting(desk=desk_of(request.app), request=request, key=key)


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _json(shape: object) -> str:
    return to_json(shape).decode()


def _answered(answered: Answered | None, *, status: int) -> Response:
    assert answered is not None  # noqa: S101  # only a deed that has not ended yet has no answer
    response = _response(answered.answer, status=status)
    if answered.again:
        response.headers[_REPLAYED] = "true"
    return response


def _response(body: str, *, status: int) -> Response:
    return Response(body, status_code=status, media_type=JSONResponse.media_type)
