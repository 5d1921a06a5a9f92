"""What the router and the guards say before any handler is asked."""

import httpx2
import pytest
from fastapi import FastAPI
from inline_snapshot import snapshot

from tests.server.farm import an_uploaded_app, get

pytestmark = pytest.mark.anyio


async def test_nothing_there_is_a_problem_document(api: httpx2.AsyncClient) -> None:
    response = await api.get("/nowhere")

    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert response.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at /nowhere.",
            "code": "not_found",
            "error": "There is nothing at /nowhere.",
        }
    )


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("DELETE", "/jobs", "GET, HEAD, POST"), ("PATCH", "/jobs/1", "GET, HEAD, PUT"), ("PUT", "/leases", "POST")],
)
async def test_a_wrong_method_is_answered_with_the_right_ones(
    api: httpx2.AsyncClient, method: str, path: str, allow: str
) -> None:
    response = await api.request(method, path)

    assert (response.status_code, response.headers["allow"]) == (405, allow)
    assert response.json()["error"] == f"{method} is not possible at {path}, but {allow} is."


async def test_a_foreign_page_cannot_post_jobs(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json={}, headers={"Origin": "http://evil.example"})

    assert response.status_code == 403
    assert response.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
            "detail": "Origin 'http://evil.example' is not this server: no other web page may use it.",
            "code": "forbidden",
            "error": "Origin 'http://evil.example' is not this server: no other web page may use it.",
        }
    )


async def test_a_foreign_name_for_this_machine_is_refused(api: httpx2.AsyncClient) -> None:
    response = await api.get("/jobs", headers={"Host": "evil.example:5000"})

    assert response.status_code == 403
    assert response.json()["error"] == snapshot(
        "Host 'evil.example:5000' is not this server: it answers on this machine only, as localhost or 127.0.0.1."
    )


@pytest.mark.parametrize("path", ["/jobs/a%00b", "/jobs?org_id=a%00b"])
async def test_a_nul_in_an_address_is_refused(api: httpx2.AsyncClient, path: str) -> None:
    assert (await api.get(path)).status_code == 422


async def test_an_id_with_a_slash_is_one_segment(api: httpx2.AsyncClient) -> None:
    await an_uploaded_app(api, version="feature%2Flogin")

    assert (await get(api, "/apps/acme/feature%2Flogin"))["app_version_id"] == "feature/login"
    assert (await api.get("/apps/acme/feature/login")).status_code == 404


async def test_an_error_that_nobody_foresaw_shows_nothing_of_itself(
    app: FastAPI, api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_question: object) -> object:
        raise RuntimeError("secret insides")

    monkeypatch.setattr(app.state.desk.store, "read", broken)
    response = await api.get("/stats")

    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["instance"].startswith("urn:qgjob:error:")


async def test_the_api_describes_itself(api: httpx2.AsyncClient) -> None:
    document = await get(api, "/openapi.json")

    assert document["paths"]["/jobs"]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/JobBody"
    }
    assert {"JobBody", "JobShown", "Problem", "ReportBody"} <= document["components"]["schemas"].keys()


async def test_a_head_request_gets_the_headers_of_a_get_and_no_body(live: httpx2.AsyncClient) -> None:
    get, head = await live.get("/jobs"), await live.head("/jobs")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["Content-Type"] == "application/json"
    assert (await live.head("/leases")).status_code == 405
