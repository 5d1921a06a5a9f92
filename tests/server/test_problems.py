import json

import pytest
from inline_snapshot import snapshot

from qgjob.core import errors
from qgjob.server import refusals
from qgjob.server.problems import problem_response, status_of, unknown_error_response


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (refusals.Malformed, 400),
        (errors.MissingFields, 400),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.IllegalTransition, 409),
        (errors.TooLarge, 413),
        (refusals.WrongContentType, 415),
        (errors.InvalidRequest, 422),
        (errors.BinaryError, 422),
        (errors.ConfigurationError, 422),
        (errors.QgjobError, 500),
        (errors.Unavailable, 503),
        (errors.InfrastructureError, 503),
    ],
)
def test_every_error_has_its_status(kind: type[errors.QgjobError], status: int) -> None:
    assert status_of(kind("It did not work.")) == status


def test_an_error_is_a_problem_document_with_its_sentence() -> None:
    response = problem_response(
        errors.InvalidRequest(
            "target must be one of 'emulator'.",
            [errors.FieldProblem(field="target", message="must be one of 'emulator'", item=3)],
        )
    )

    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(bytes(response.body)) == snapshot(
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "target must be one of 'emulator'.",
            "code": "invalid",
            "error": "target must be one of 'emulator'.",
            "problems": [{"field": "target", "message": "must be one of 'emulator'", "item": 3}],
        }
    )


def test_a_busy_server_says_when_to_come_back() -> None:
    response = problem_response(errors.Unavailable("The disk is full.", retry_after_s=30))

    assert response.headers["retry-after"] == "30"


def test_an_unknown_error_shows_nothing_but_its_id() -> None:
    response = unknown_error_response("abc123")

    assert json.loads(bytes(response.body)) == snapshot(
        {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "Something went wrong inside the server. Its log has it under abc123.",
            "code": "internal",
            "error": "Something went wrong inside the server. Its log has it under abc123.",
            "instance": "urn:qgjob:error:abc123",
        }
    )
