"""Takes in files: streamed to the disk within bounds, judged there, and stored whole or not at all."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from qgjob.core.errors import InvalidRequest
from qgjob.server.bodies import refuse_announced_size
from qgjob.store.blobs import BlobWriter

MOST_APP_BYTES = 4 * 1024**3
MOST_BUNDLE_BYTES = 256 * 1024**2
MOST_EVIDENCE_BYTES = 256 * 1024**2

_WRITE_BYTES = 1024**2
_NEXT_CHUNK_WITHIN_S = 60.0
_WHOLE_WITHIN_S = 3600.0
"""The largest app in that time is a megabyte a second; a client that drips holds no place for ever."""


async def receive(
    request: Request, writer: BlobWriter, *, most_bytes: int, whole_within_s: float = _WHOLE_WITHIN_S
) -> None:
    """Write the request's body to `writer`.

    Raises TooLarge before or while reading, Unavailable when the disk is full, InvalidRequest when the body is empty,
    stops arriving, or is not whole in time.
    """
    refuse_announced_size(request, most_bytes=most_bytes)
    pending = bytearray()
    empty = True
    async for chunk in _patiently(request, whole_within_s):
        empty = False
        pending += chunk
        if len(pending) >= _WRITE_BYTES:
            await asyncio.to_thread(writer.write, bytes(pending))
            pending.clear()
    if empty:
        raise InvalidRequest("The body is empty: send the bytes of the file, as `curl --upload-file FILE` does.")
    await asyncio.to_thread(writer.write, bytes(pending))


async def _patiently(request: Request, whole_within_s: float) -> AsyncIterator[bytes]:
    now_s = asyncio.get_running_loop().time
    deadline_s = now_s() + whole_within_s
    chunks = request.stream()
    while True:
        if now_s() > deadline_s:
            raise InvalidRequest(f"The upload was not whole within {whole_within_s:g} s: the way here is too slow.")
        try:
            async with asyncio.timeout(_NEXT_CHUNK_WITHIN_S):
                chunk = await anext(chunks, None)
        except TimeoutError:
            raise InvalidRequest(f"The upload stopped: no byte came for {_NEXT_CHUNK_WITHIN_S:.0f} s.") from None
        if chunk is None:
            return
        if chunk:
            yield chunk
