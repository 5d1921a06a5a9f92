from pathlib import Path

import pytest

from qgjob.server.guard import Door
from qgjob.server.settings import Access, Settings


def door(*, host: str = "127.0.0.1", access: Access = Access.LOOPBACK) -> Door:
    return Door.of(Settings(host=host, port=5000, data_dir=Path(), database=Path(), access=access))


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


def test_the_bound_address_may_come_in() -> None:
    assert door(host="127.8.8.8").refusal(host="127.8.8.8:5000", origin=None) is None


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
    open_door = door(host="0.0.0.0", access=Access.NONE)

    assert open_door.refusal(host="farm.example:5000", origin=None) is None
    assert open_door.refusal(host="farm.example:5000", origin="http://farm.example:5000") is None
    assert open_door.refusal(host="farm.example:5000", origin="http://evil.example:5000") is not None
