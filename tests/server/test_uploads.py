"""Files come in whole and in time, or not at all."""

import asyncio
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Message

from qgjob.core.errors import InvalidRequest
from qgjob.server.uploads import receive
from qgjob.store import Blobs

pytestmark = pytest.mark.anyio


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_an_upload_that_drips_for_ever_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    request = Request({"type": "http", "method": "PUT", "path": "/", "headers": []}, drip)
    with (
        pytest.raises(InvalidRequest, match=r"not whole within 0\.05 s"),
        Blobs(tmp_path).writer(most_bytes=1024) as writer,
    ):
        await receive(request, writer, most_bytes=1024, whole_within_s=0.05)

    assert files(tmp_path) == []
