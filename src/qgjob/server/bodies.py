"""Strangers' JSON: read within bounds, parsed and validated once, refused with a sentence. Nobody checks again."""

import asyncio
import math
from collections.abc import Iterator
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from qgjob.core.errors import FieldProblem, InvalidRequest, TooLarge
from qgjob.server.findings import refusal_of, said
from qgjob.server.pressure import share_of
from qgjob.server.refusals import Malformed, WrongContentType
from qgjob.wire.bounds import MOST_BODY_BYTES

T = TypeVar("T")

JSON = "application/json"
CURL_DEFAULT = "application/x-www-form-urlencoded"
_READ_WITHIN_S = 60.0
_PARSE_ASIDE_BYTES = 64 * 1024
"""Larger bodies are parsed in a thread, so that other requests go on."""
_BODY = "body"
_LARGEST_INTEGER = 2**63 - 1
_SUSPICIOUS = (b"\\u0000", b"NaN", b"Infinity")
_NUMBERS = bytes(
    ord("0") if chr(code) in "0123456789" else ord("e") if chr(code) in "eE" else code if chr(code) == "+" else ord(" ")
    for code in range(256)
)
_LARGE_NUMBERS = (b"0e0", b"0e+0", b"0" * 19)
"""What is left of them when every digit is a 0."""


class JsonBody(Generic[T]):
    """A FastAPI dependency that returns the request's body as `shape`, a typed dict of `qgjob.wire`.

    Raises WrongContentType, TooLarge, Malformed, MissingFields or InvalidRequest.
    """

    def __init__(self, shape: type[T], *, content_types: frozenset[str] = frozenset({JSON})) -> None:
        self.adapter: TypeAdapter[T] = TypeAdapter(shape)
        self._content_types = content_types

    async def __call__(self, request: Request) -> T:
        """Read, parse and validate."""
        self._refuse_other_types(request)
        body = await body_of(request)
        if len(body) > _PARSE_ASIDE_BYTES:
            return await asyncio.to_thread(self._parse, body)
        return self._parse(body)

    def _refuse_other_types(self, request: Request) -> None:
        given = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if given not in self._content_types:
            raise WrongContentType(f"The body must be sent with Content-Type: {JSON}, not {given or 'without one'}.")

    def _parse(self, body: bytes) -> T:
        try:
            value = self.adapter.validate_json(body, strict=True)
        except ValidationError as error:
            raise refusal_of(error.errors(include_url=False, include_input=False)) from None
        if _is_suspicious(body) and (problems := list(_unstorable(value, ""))):
            raise InvalidRequest(said(problems), problems)
        return value


class JsonBodyIfAny(JsonBody[T]):
    """The same for a request that may come without a body: then it is `{}`, which the shape must allow."""

    async def __call__(self, request: Request) -> T:
        """Read, parse and validate what there is."""
        if "Transfer-Encoding" in request.headers or request.headers.get("Content-Length", "0") != "0":
            return await super().__call__(request)
        return self._parse(b"{}")


async def body_of(request: Request) -> bytes:
    """Return the body of a request, which is read once and then known. Raises what `read_body` raises."""
    if not hasattr(request.state, _BODY):
        setattr(request.state, _BODY, await read_body(request))
    body: bytes = getattr(request.state, _BODY)
    return body


async def read_body(request: Request, *, most_bytes: int = MOST_BODY_BYTES) -> bytes:
    """Read a whole body into memory.

    Raises TooLarge as soon as it is known to be, Malformed when it does not come, Unavailable when the bodies of
    other requests leave no room for it.
    """
    refuse_announced_size(request, most_bytes=most_bytes)
    message = await request.receive()  # most bodies come with their heads; for the others the connection has a clock
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        _count(request, len(body), len(body), most_bytes=most_bytes)
        return body
    try:
        async with asyncio.timeout(_READ_WITHIN_S):
            return await _read_on(request, message, most_bytes=most_bytes)
    except TimeoutError:
        raise Malformed(f"The body did not arrive within {_READ_WITHIN_S:.0f} s.") from None


async def _read_on(request: Request, message: Message, *, most_bytes: int) -> bytes:
    body = bytearray()
    while True:
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        body += chunk
        _count(request, len(chunk), len(body), most_bytes=most_bytes)
        if not message.get("more_body", False):
            return bytes(body)
        message = await request.receive()


def _count(request: Request, came: int, together: int, *, most_bytes: int) -> None:
    share = share_of(request)
    share.take(share.pressure.body_bytes, came)
    if together > most_bytes:
        raise _too_large(most_bytes)


def refuse_announced_size(request: Request, *, most_bytes: int) -> None:
    """Raise TooLarge when Content-Length says that the body is larger than `most_bytes`, before any of it is read."""
    announced = request.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > most_bytes:
        raise _too_large(most_bytes)


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"The body is larger than the {most_bytes} bytes that are accepted here.")


def _is_suspicious(body: bytes) -> bool:
    """Whether JSON may spell something that is unstorable: a look at its bytes is quicker than a walk through it."""
    if any(text in body for text in _SUSPICIOUS):
        return True
    numbers = body.translate(_NUMBERS)
    return any(number in numbers for number in _LARGE_NUMBERS)


def _unstorable(value: object, field: str) -> Iterator[FieldProblem]:
    """Find what JSON can spell and a database cannot keep, or the next reader cannot read."""
    match value:
        case str() if "\0" in value:
            yield FieldProblem(field=field, message="must not contain the character NUL")
        case float() if not math.isfinite(value):
            yield FieldProblem(field=field, message="must be a finite number")
        case int() if abs(value) > _LARGEST_INTEGER:
            yield FieldProblem(field=field, message="must be a whole number of 64 bits")
        case dict():
            for key, inner in value.items():
                yield from _unstorable(key, field)
                yield from _unstorable(inner, f"{field}.{key}" if field else str(key))
        case list():
            for place, inner in enumerate(value):
                yield from _unstorable(inner, f"{field}[{place}]")
        case _:
            pass
