"""Whether the server can do its work: it can when the store commits and the blob folder takes bytes."""

import asyncio

from qgjob.core.errors import QgjobError, Unavailable
from qgjob.server.desk import Desk
from qgjob.service.attend import attend

_ANSWER_WITHIN_S = 5.0


async def failing_part(desk: Desk) -> str | None:
    """Name the part that fails and how, in one sentence; None when all is well."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            await desk.write(attend)
    except (QgjobError, TimeoutError) as error:
        return f"The store cannot write: {_reason(error)}"
    try:
        await asyncio.to_thread(_write_a_byte, desk)
    except (QgjobError, OSError) as error:
        return f"The blob folder takes no bytes: {_reason(error)}"
    return None


def _write_a_byte(desk: Desk) -> None:
    with desk.blobs.writer(most_bytes=1) as writer:
        writer.write(b"x")
        _ = writer.path  # flushed: a full disk shows here


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no commit within {_ANSWER_WITHIN_S:.0f} s."
    return error.message if isinstance(error, Unavailable) else str(error)
