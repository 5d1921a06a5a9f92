"""Errors to HTTP, once: one table from error class to status, one shape for every error body (RFC 9457).

An unknown error never shows what is inside; its body carries an id under which it was logged.
"""

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from qgjob.core.errors import (
    BinaryError,
    ConfigurationError,
    Conflict,
    Forbidden,
    InfrastructureError,
    InvalidRequest,
    MissingFields,
    NotFound,
    QgjobError,
    TooLarge,
    Unavailable,
)
from qgjob.server.refusals import Malformed, Unauthenticated, WrongContentType
from qgjob.wire.apps import Problem, ProblemDetail

MEDIA_TYPE = "application/problem+json"

STATUS_OF: Mapping[type[QgjobError], HTTPStatus] = {
    Malformed: HTTPStatus.BAD_REQUEST,
    MissingFields: HTTPStatus.BAD_REQUEST,
    WrongContentType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    BinaryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConfigurationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    InfrastructureError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The nearest class of an error's ancestry decides; an error of the family that is not here is ours: 500."""

_MOST_PROBLEMS_SHOWN = 100
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""As RFC 9110 has them; before 3.13 Python says it in older words."""


def status_of(error: QgjobError) -> HTTPStatus:
    """Return the status that an error is answered with."""
    found = (STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_response(error: QgjobError) -> JSONResponse:
    """Answer with an error of the family; a 503 says in Retry-After when to try again."""
    return _response(problem_body(error), _headers_of(error))


def problem_body(error: QgjobError) -> Problem:
    """Describe an error of the family."""
    body = _problem(status_of(error), code=error.code, sentence=error.message)
    if isinstance(error, InvalidRequest) and error.problems:
        body["problems"] = [
            ProblemDetail(field=problem.field, message=problem.message, item=problem.item)
            for problem in error.problems[:_MOST_PROBLEMS_SHOWN]
        ]
    return body


def routing_response(status: HTTPStatus, sentence: str, headers: Mapping[str, str]) -> JSONResponse:
    """Answer with a refusal of the router itself, which is no error of the family: no such path, no such method."""
    return _response(_problem(status, code=status.name.lower(), sentence=sentence), headers)


def unknown_error_id() -> str:
    """Make the id that an unknown error is logged and answered with."""
    return secrets.token_hex(8)


def unknown_error_response(error_id: str) -> JSONResponse:
    """Answer with an error that nobody foresaw: nothing of it but its id."""
    sentence = f"Something went wrong inside the server. Its log has it under {error_id}."
    body = _problem(HTTPStatus.INTERNAL_SERVER_ERROR, code=QgjobError.code, sentence=sentence)
    body["instance"] = f"urn:qgjob:error:{error_id}"
    return _response(body, {})


def _headers_of(error: QgjobError) -> Mapping[str, str]:
    if isinstance(error, Unavailable):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _problem(status: HTTPStatus, *, code: str, sentence: str) -> Problem:
    title = _PHRASES.get(status, status.phrase)
    return Problem(type="about:blank", title=title, status=status, detail=sentence, code=code, error=sentence)


def _response(body: Problem, headers: Mapping[str, str]) -> JSONResponse:
    return JSONResponse(body, status_code=body["status"], headers=dict(headers), media_type=MEDIA_TYPE)
