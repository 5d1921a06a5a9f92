"""What `JsonBody` makes of strangers' bytes. The shape is a job's; the rules are every body's."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qgjob.core.errors import QgjobError
from qgjob.server.bodies import CURL_DEFAULT, JSON, JsonBody, _is_suspicious, _unstorable
from qgjob.server.pressure import Pressure, UnderPressure
from qgjob.server.problems import problem_response
from qgjob.server.shapes.events import ReportBody
from qgjob.wire.jobs import JobBody, RunBody

pytestmark = pytest.mark.anyio

JOB = {"org_id": "acme", "app_version_id": "v1", "test_path": "tests/login.spec.js"}


@pytest.fixture
async def echo() -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI(middleware=[Middleware(UnderPressure, pressure=Pressure())])

    async def answer(_request: Request, error: Exception) -> Response:
        assert isinstance(error, QgjobError)
        return problem_response(error)

    app.add_exception_handler(QgjobError, answer)

    @app.post("/job")
    async def job(body: Annotated[JobBody, Depends(JsonBody(JobBody))]) -> JSONResponse:
        return JSONResponse(body)

    @app.post("/run")
    async def run(body: Annotated[RunBody, Depends(JsonBody(RunBody))]) -> JSONResponse:
        return JSONResponse(body)

    @app.post("/report")
    async def report(body: Annotated[ReportBody, Depends(JsonBody(ReportBody))]) -> JSONResponse:
        return JSONResponse(body)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def post(
    client: httpx2.AsyncClient, body: bytes | str, *, to: str = "/job", content_type: str = JSON
) -> httpx2.Response:
    return await client.post(to, content=body, headers={"Content-Type": content_type})


async def refusal(client: httpx2.AsyncClient, body: object, *, to: str = "/job") -> tuple[int, object, object]:
    response = await post(client, json.dumps(body), to=to)
    problem = response.json()
    return response.status_code, problem["error"], problem.get("problems")


async def test_a_legal_body_comes_through_as_it_was_sent(echo: httpx2.AsyncClient) -> None:
    body = {**JOB, "target": "device", "priority": 4, "metadata": {"commit": "ab12", "nested": [1, 2.5, None, True]}}

    assert (await post(echo, json.dumps(body))).json() == body


async def test_fields_that_we_do_not_know_are_passed_over(echo: httpx2.AsyncClient) -> None:
    assert (await post(echo, json.dumps({**JOB, "colour": "red"}))).json() == JOB


async def test_missing_fields_are_all_named(echo: httpx2.AsyncClient) -> None:
    assert await refusal(echo, {"org_id": "acme"}) == snapshot(
        (
            400,
            "Missing required fields: app_version_id, test_path.",
            [
                {"field": "app_version_id", "message": "is missing", "item": None},
                {"field": "test_path", "message": "is missing", "item": None},
            ],
        )
    )


async def test_missing_fields_come_before_illegal_ones_and_both_are_listed(echo: httpx2.AsyncClient) -> None:
    assert await refusal(echo, {"org_id": "acme", "test_path": "x", "target": "phone"}) == snapshot(
        (
            400,
            "Missing required fields: app_version_id.",
            [
                {"field": "app_version_id", "message": "is missing", "item": None},
                {"field": "target", "message": "must be 'emulator', 'device' or 'browserstack'", "item": None},
            ],
        )
    )


async def test_illegal_values_are_named_with_the_legal_ones(echo: httpx2.AsyncClient) -> None:
    assert await refusal(echo, {**JOB, "target": "phone", "max_retries": 11}) == snapshot(
        (
            422,
            "target must be 'emulator', 'device' or 'browserstack'; max_retries must be less than or equal to 10.",
            [
                {"field": "target", "message": "must be 'emulator', 'device' or 'browserstack'", "item": None},
                {"field": "max_retries", "message": "must be less than or equal to 10", "item": None},
            ],
        )
    )


async def test_a_field_of_two_kinds_is_named_once_with_both(echo: httpx2.AsyncClient) -> None:
    assert await refusal(echo, {**JOB, "priority": 9}) == snapshot(
        (
            422,
            "priority must be 'low', 'normal', 'high' or 'urgent', or must be less than or equal to 5.",
            [
                {
                    "field": "priority",
                    "message": "must be 'low', 'normal', 'high' or 'urgent', or must be less than or equal to 5",
                    "item": None,
                }
            ],
        )
    )


@pytest.mark.parametrize("value", [None, 7, True, "", "x" * 201, [], {}])
async def test_an_org_is_a_text_of_1_to_200_characters(echo: httpx2.AsyncClient, value: object) -> None:
    status, _, _ = await refusal(echo, {**JOB, "org_id": value})

    assert status == 422


@pytest.mark.parametrize("value", [True, "3", 2.5, 0, 6, None, "LOW"])
async def test_a_priority_is_a_word_or_a_number_from_1_to_5(echo: httpx2.AsyncClient, value: object) -> None:
    status, _, _ = await refusal(echo, {**JOB, "priority": value})

    assert status == 422


async def test_every_item_of_a_run_is_judged_at_once(echo: httpx2.AsyncClient) -> None:
    body = {"org_id": "acme", "jobs": [{"reset": "no"}, {"test_path": "a"}, {"max_retries": 99}]}

    assert await refusal(echo, body, to="/run") == snapshot(
        (
            422,
            "jobs[0].reset must be 'clear', 'keep' or 'fresh'; jobs[2].max_retries must be less than or equal to 10.",
            [
                {"field": "reset", "message": "must be 'clear', 'keep' or 'fresh'", "item": 0},
                {"field": "max_retries", "message": "must be less than or equal to 10", "item": 2},
            ],
        )
    )


async def test_an_event_is_judged_by_its_own_kind_alone(echo: httpx2.AsyncClient) -> None:
    started = {"kind": "attempt_started", "seq": 1, "at": "2026-11-23T08:00:00Z", "attempt": -1}

    assert await refusal(echo, {"agent_id": "a", "events": [started]}, to="/report") == snapshot(
        (
            400,
            "Missing required fields: events.0.attempt_started.job_id.",
            [
                {"field": "events.0.attempt_started.job_id", "message": "is missing", "item": None},
                {
                    "field": "events.0.attempt_started.attempt",
                    "message": "must be greater than or equal to 0",
                    "item": None,
                },
            ],
        )
    )


async def test_an_event_of_an_unknown_kind_is_refused(echo: httpx2.AsyncClient) -> None:
    event = {"kind": "explosion", "seq": 1, "at": "2026-11-23T08:00:00Z"}
    status, sentence, _ = await refusal(echo, {"agent_id": "a", "events": [event]}, to="/report")

    assert status == 422
    assert str(sentence).startswith("events.0 has a 'kind' that is none of 'install_started', 'installed',")


async def test_an_event_without_a_kind_is_refused(echo: httpx2.AsyncClient) -> None:
    event = {"seq": 1, "at": "2026-11-23T08:00:00Z"}
    status, sentence, _ = await refusal(echo, {"agent_id": "a", "events": [event]}, to="/report")

    assert (status, sentence) == (422, "events.0 has no 'kind'.")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("org_id", "", "org_id must have at least 1 character."),
        ("test_path", "x" * 1001, "test_path must have at most 1000 characters."),
        ("max_retries", 11, "max_retries must be less than or equal to 10."),
    ],
)
async def test_a_value_out_of_bounds_is_said_of_its_field(
    echo: httpx2.AsyncClient, field: str, value: object, says: str
) -> None:
    _, sentence, _ = await refusal(echo, {**JOB, field: value})

    assert sentence == says


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"org_id": }',
        b"\xff\xfe{}",
        b'{"org_id": "\\ud800"}',
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
        b'{"metadata": {"n": ' + b"9" * 5000 + b"}}",
    ],
)
async def test_what_is_no_json_says_where_reading_stopped(echo: httpx2.AsyncClient, body: bytes) -> None:
    response = await post(echo, body)

    assert response.status_code == 400
    assert response.json()["code"] == "malformed"
    assert "at line 1 column" in response.json()["error"]


@pytest.mark.parametrize("body", ["[]", "null", "7", '"text"'])
async def test_a_body_that_is_no_object_is_refused(echo: httpx2.AsyncClient, body: str) -> None:
    response = await post(echo, body)

    assert (response.status_code, response.json()["error"]) == (422, "body must be an object.")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "9223372036854775808", '"a\\u0000b"'])
async def test_what_json_can_spell_and_nobody_can_store_is_refused(echo: httpx2.AsyncClient, value: str) -> None:
    body = json.dumps({**JOB, "metadata": {"deep": ["HERE"]}}).replace('"HERE"', value)
    response = await post(echo, body)

    assert response.status_code == 422
    assert response.json()["problems"][0]["field"] == "metadata.deep[0]"


async def test_a_nul_in_a_name_is_refused(echo: httpx2.AsyncClient) -> None:
    assert await refusal(echo, {**JOB, "org_id": "a\0b"}) == snapshot(
        (
            422,
            "org_id must not contain the character NUL.",
            [{"field": "org_id", "message": "must not contain the character NUL", "item": None}],
        )
    )


@pytest.mark.parametrize("content_type", ["text/plain", CURL_DEFAULT, "", "application/jsonx", "multipart/form-data"])
async def test_a_body_that_does_not_say_it_is_json_is_refused(echo: httpx2.AsyncClient, content_type: str) -> None:
    response = await post(echo, json.dumps(JOB), content_type=content_type)

    assert (response.status_code, response.json()["code"]) == (415, "content_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_be_said_in_other_ways(echo: httpx2.AsyncClient, content_type: str) -> None:
    assert (await post(echo, json.dumps(JOB), content_type=content_type)).status_code == 200


async def test_a_body_that_announces_too_much_is_not_read(echo: httpx2.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1024

    headers = {"Content-Type": JSON, "Content-Length": str(10**12)}
    response = await echo.post("/job", content=endless(), headers=headers)

    assert (response.status_code, read) == (413, 0)


async def test_a_body_that_does_not_end_is_cut_off_at_the_bound(echo: httpx2.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1024**2

    response = await echo.post("/job", content=endless(), headers={"Content-Type": JSON})

    assert (response.status_code, read) == (413, 17)
    assert response.json()["error"] == "The body is larger than the 16777216 bytes that are accepted here."


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.from_regex(r"[\\u0eE+.-]{0,30}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON_VALUES, st.booleans())
def test_bytes_in_which_nothing_looks_unstorable_hold_nothing_that_is(value: object, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    if list(_unstorable(json.loads(body), "")):
        assert _is_suspicious(body)
