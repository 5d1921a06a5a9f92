"""What the server said of an error, back into the one family of errors: the mirror of `server.problems`."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

from qgjob.core.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    InvalidRequest,
    NotFound,
    QgjobError,
    TooLarge,
    Unavailable,
    Unreachable,
)

_BY_STATUS: Mapping[int, type[QgjobError]] = {
    400: InvalidRequest,
    401: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    415: InvalidRequest,
    422: InvalidRequest,
    429: Unavailable,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_MOST_SHOWN_CHARACTERS = 200


def error_of(status: int, body: bytes, *, url: str, retry_after: str | None) -> QgjobError:
    """Return the error that an answer with this status stands for.

    An answer that is no problem document of ours came from something else that listens at that address: Unreachable,
    unless its status is that of a proxy in front of a server that is away (502, 503, 504: Unavailable).
    """
    problem = _problem_in(body)
    if problem is None and _BY_STATUS.get(status) is not Unavailable:
        shown = body[:_MOST_SHOWN_CHARACTERS].decode("utf-8", errors="replace").strip() or "no text"
        return Unreachable(f"What answered at {url} is no qgjob server: it said {status}, {shown}")
    return _error(status, problem or {}, url=url, retry_after=retry_after)


def _error(status: int, problem: Mapping[str, object], *, url: str, retry_after: str | None) -> QgjobError:
    message = str(problem.get("error") or f"The server answered {status} at {url}.")
    kind = _BY_STATUS.get(status, QgjobError)
    error: QgjobError
    if kind is InvalidRequest:
        error = InvalidRequest(message, tuple(_field_problems(problem.get("problems"))))
    elif kind is Unavailable:
        error = Unavailable(message, retry_after_s=_whole_seconds(retry_after))
    else:
        error = kind(message)
    error.code = str(problem.get("code") or error.code)
    return error


def _problem_in(body: bytes) -> Mapping[str, object] | None:
    try:
        parsed: object = json.loads(body)
    except ValueError:
        return None
    return cast("dict[str, object]", parsed) if isinstance(parsed, dict) and "error" in parsed else None


def _field_problems(listed: object) -> Iterable[FieldProblem]:
    for problem in listed if isinstance(listed, list) else []:
        if isinstance(problem, dict):
            item = problem.get("item")
            yield FieldProblem(
                field=str(problem.get("field")),
                message=str(problem.get("message")),
                item=item if isinstance(item, int) else None,
            )


def _whole_seconds(retry_after: str | None) -> int:
    return int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 5
