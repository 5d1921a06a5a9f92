"""Files come in whole and in time, or not at all."""

import asyncio
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive

from qgjob.core.errors import InvalidRequest, Unavailable
from qgjob.server import uploads
from qgjob.server.pressure import MOST_UPLOADS, Pressure, Share
from qgjob.server.uploads import receive
from qgjob.store import Blobs

pytestmark = pytest.mark.anyio


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def an_upload(stream: Receive, share: Share | None = None) -> Request:
    state = {"share": share or Share(Pressure())}
    return Request({"type": "http", "method": "PUT", "path": "/", "headers": [], "state": state}, stream)


async def drip() -> Message:
    await asyncio.sleep(0.01)
    return {"type": "http.request", "body": b"x", "more_body": True}


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_an_upload_that_drips_for_ever_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRequest, match=r"not whole within 0\.05 s"),
        Blobs(tmp_path).writer(most_bytes=1024) as writer,
    ):
        await receive(an_upload(drip), writer, most_bytes=1024, whole_within_s=0.05)

    assert files(tmp_path) == []


async def test_an_upload_that_is_too_slow_on_the_whole_gives_its_place_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_START_WITHIN_S", 0.05)
    with (
        pytest.raises(InvalidRequest, match="too slow for uploads"),
        Blobs(tmp_path).writer(most_bytes=1024) as writer,
    ):
        await receive(an_upload(drip), writer, most_bytes=1024)


async def test_one_upload_too_many_is_told_to_come_again(tmp_path: Path) -> None:
    pressure = Pressure()
    pressure.uploads.take(MOST_UPLOADS)
    with (
        pytest.raises(Unavailable, match="32 uploads under way already"),
        Blobs(tmp_path).writer(most_bytes=1024) as writer,
    ):
        await receive(an_upload(nothing, Share(pressure)), writer, most_bytes=1024)
