"""The shortcut answers as the framework's own way does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.server.shortcut import Shortcut, _endpoints
from tests.server.farm import a_job, an_agent

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


@contextmanager
def the_long_way() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shortcut, "_find", lambda *_: None)
        yield


async def test_these_posts_have_a_shortcut(app: FastAPI) -> None:
    assert set(dict(_endpoints(app))) == {"/jobs", "/runs", "/workers", "/agents", "/leases", "/leases/renew"}


REQUESTS: list[tuple[str, bytes, dict[str, str]]] = [
    ("/jobs", json.dumps(a_job()).encode(), JSON),
    ("/jobs?ignored=1", json.dumps(a_job()).encode(), {"Content-Type": "application/json; charset=utf-8"}),
    ("/jobs", b"{", JSON),
    ("/jobs", b"", JSON),
    ("/jobs", b"[]", JSON),
    ("/jobs", b'{"org_id": "acme"}', JSON),
    ("/jobs", json.dumps(a_job(target="fridge", priority=9)).encode(), JSON),
    ("/jobs", json.dumps(a_job(metadata={"a": "\0"})).encode(), JSON),
    ("/jobs", json.dumps(a_job(metadata={"a": 2**63})).encode(), JSON),
    ("/jobs", json.dumps(a_job(metadata={"a": float("inf")})).encode(), JSON),
    ("/jobs", json.dumps(a_job(bundle="b" * 64)).encode(), JSON),
    ("/jobs", json.dumps(a_job()).encode(), {"Content-Type": "text/plain"}),
    ("/jobs", json.dumps(a_job()).encode(), {}),
    ("/jobs", b" " * (16 * 1024 * 1024 + 1), JSON),
    ("/jobs", json.dumps(a_job()).encode(), {**JSON, "Idempotency-Key": "k" * 256}),
    ("/jobs", json.dumps(a_job()).encode(), {**JSON, "Idempotency-Key": ""}),
    ("/jobs", b"{", {**JSON, "Idempotency-Key": ""}),
    ("/jobs", json.dumps(a_job()).encode(), {**JSON, "Host": "evil.example"}),
    ("/runs", b'{"org_id": "acme", "jobs": [{"test_path": 1}]}', JSON),
    ("/workers", b'{"name": "W", "target_types": []}', {"Content-Type": "application/x-www-form-urlencoded"}),
    ("/workers", b'{"name": "W", "target_types": ["fridge"]}', JSON),
    ("/agents", json.dumps(an_agent(protocol=1)).encode(), JSON),
    ("/agents", json.dumps(an_agent()).encode(), JSON),
    ("/leases", b'{"agent_id": "nobody", "worker_ids": ["w"], "wait_s": 0}', JSON),
    ("/leases/renew", b'{"agent_id": "nobody", "worker_ids": [], "tokens": []}', JSON),
]


@pytest.mark.parametrize(("path", "body", "headers"), REQUESTS)
async def test_both_ways_answer_the_same(
    api: httpx2.AsyncClient, path: str, body: bytes, headers: dict[str, str]
) -> None:
    short = await api.post(path, content=body, headers=headers)
    with the_long_way():
        long = await api.post(path, content=body, headers=headers)

    assert (short.status_code, short.headers["Content-Type"]) == (long.status_code, long.headers["Content-Type"])
    if short.is_success:
        assert short.json().keys() == long.json().keys()
    else:
        assert short.json() == long.json()


async def test_both_ways_remember_the_same_answers(api: httpx2.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    short = await api.post("/jobs", json=a_job(), headers=headers)
    with the_long_way():
        long = await api.post("/jobs", json=a_job(), headers=headers)

    assert (long.content, long.headers["Idempotency-Replayed"]) == (short.content, "true")


async def test_what_is_no_post_goes_the_long_way(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/jobs")).json()["jobs"] == []
    assert (await api.delete("/jobs")).headers["Allow"] == "GET, HEAD, POST"
