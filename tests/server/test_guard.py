from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.server.guard import Door
from qgjob.server.settings import Access, AppSettings


def door(*, access: Access = Access.LOOPBACK) -> Door:
    return Door.of(AppSettings(data_dir=Path(), database=Path(), access=access))


def caller(app: FastAPI, address: str, *, host: str = "127.0.0.1:5000") -> httpx2.AsyncClient:
    """A client at this address, as the server sees it."""
    transport = httpx2.ASGITransport(app, client=(address, 40000))
    return httpx2.AsyncClient(transport=transport, base_url=f"http://{host}")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:5000", "LOCALHOST:5000", "127.0.0.1:1", "[::1]", "[::1]:5000"]
)
def test_this_machines_own_names_may_come_in(host: str) -> None:
    assert door().refusal(host=host, origin=None) is None


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:5000", "localhost@evil.example", "[::2]"],
)
def test_a_foreign_host_stays_out(host: str) -> None:
    assert "is not this server" in (door().refusal(host=host, origin=None) or "")


def test_any_address_of_loopback_may_come_in() -> None:
    assert door().refusal(host="127.8.8.8:5000", origin=None) is None


@pytest.mark.parametrize("origin", ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000"])
def test_the_servers_own_pages_may_come_in(origin: str) -> None:
    assert door().refusal(host="localhost:5000", origin=origin) is None


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:3000",
        "http://localhost",
        "null",
        "",
        "http://localhost:5000@evil.example",
        "http://[::1",
    ],
)
def test_a_foreign_page_stays_out(origin: str) -> None:
    assert "no other web page" in (door().refusal(host="localhost:5000", origin=origin) or "")


def test_without_access_control_any_host_comes_in_but_only_its_own_pages() -> None:
    open_door = door(access=Access.NONE)

    assert open_door.refusal(host="farm.example:5000", origin=None) is None
    assert open_door.refusal(host="farm.example:5000", origin="http://farm.example:5000") is None
    assert open_door.refusal(host="farm.example:5000", origin="http://evil.example:5000") is not None


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", None])
def test_programs_of_this_machine_are_known(peer: str | None) -> None:
    assert door().knows(peer, forwarded=False)


@pytest.mark.parametrize("peer", ["10.0.0.9", "0.0.0.0", "::ffff:10.0.0.9", "fe80::1", ""])
def test_callers_from_elsewhere_are_strangers_unless_it_was_said_that_there_are_none(peer: str) -> None:
    assert not door().knows(peer, forwarded=False)
    assert door(access=Access.NONE).knows(peer, forwarded=False)


def test_what_a_proxy_passes_on_is_from_elsewhere() -> None:
    assert not door().knows("127.0.0.1", forwarded=True)


@pytest.mark.anyio
async def test_a_stranger_is_told_what_to_set_and_may_ask_for_health_alone(app: FastAPI) -> None:
    async with caller(app, "10.0.0.9", host="farm.example:5000") as stranger:
        refused = await stranger.get("/stats")
        health = await stranger.get("/health")

    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.json()["code"] == "unauthenticated"
    assert "QGJOB_ACCESS=none" in refused.json()["error"]
    assert (health.status_code, health.json()["status"]) == (200, "healthy")


@pytest.mark.anyio
async def test_a_stranger_behind_a_proxy_of_this_machine_stays_one(app: FastAPI) -> None:
    async with caller(app, "127.0.0.1") as proxy:
        assert (await proxy.get("/stats", headers={"X-Forwarded-For": "10.0.0.9"})).status_code == 401
        assert (await proxy.get("/stats")).status_code == 200
