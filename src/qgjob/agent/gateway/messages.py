"""A request of a test and its answer, as the gateway handles them: whole, bounded, with WebDriver's errors told apart.

What the preload adds to a request about the test that makes it is read here and goes no further.
"""

import json
import re
from asyncio import Transport
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BODY_BYTES = 64 * 1024 * 1024
_CASE_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_RETRY = re.compile(r"[0-9]{1,4}")
_JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-cache"}


@dataclass(frozen=True, kw_only=True)
class AskingTest:
    """The test that makes a request, and its status so far in Playwright's words. None: it did not say."""

    case_id: str | None
    retry: int
    status: str | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "AskingTest":
        """Read the headers that the preload sets; what is not of their form counts as not said."""
        case_id = headers.get("x-qgjob-case", "")
        retry = headers.get("x-qgjob-retry", "")
        return cls(
            case_id=case_id if _CASE_ID.fullmatch(case_id) else None,
            retry=int(retry) if _RETRY.fullmatch(retry) else 0,
            status=headers.get("x-qgjob-status"),
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request. `connection` is the one that it came over."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    test: AskingTest
    connection: Transport | None

    @property
    def nobody_waits(self) -> bool:
        """Whether the asking process has gone away."""
        return self.connection is None or self.connection.is_closing()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, Appium's or our own."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the request was granted."""
        return self.status < 400  # noqa: PLR2004 -- where HTTP's errors begin

    def value(self) -> object:
        """WebDriver's `value`, None where the body has none."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return content.get("value") if isinstance(content, dict) else None

    def message(self) -> str:
        """Appium's own words of what went wrong, else the beginning of the body."""
        value = self.value()
        message = value.get("message") if isinstance(value, dict) else None
        return message if isinstance(message, str) and message else self.body[:500].decode("utf-8", errors="replace")


def success(value: object) -> Answer:
    """Grant a request without Appium."""
    return Answer(status=200, body=json.dumps({"value": value}).encode(), headers=_JSON_HEADERS)


def refusal(error: str, message: str) -> Answer:
    """Refuse a request with one of WebDriver's errors, such that the client is free to try again."""
    return _error(400, error, message)


def final_refusal(message: str) -> Answer:
    """Refuse a request so that the client does not try again.

    The webdriver package sends a failed request up to sixteen times, also one that took Appium a minute to fail; it
    stops at once for a 404 whose message has the words "invalid session id" (webdriver 8, build/request/index.js).
    """
    return _error(404, "invalid session id", f"{message} [qgjob: trying again is of no use: invalid session id]")


def _error(status: int, error: str, message: str) -> Answer:
    value = {"error": error, "message": message, "stacktrace": ""}
    return Answer(status=status, body=json.dumps({"value": value}).encode(), headers=_JSON_HEADERS)
