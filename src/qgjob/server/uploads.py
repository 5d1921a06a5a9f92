"""Takes in files: streamed to the disk within bounds, judged there, and stored whole or not at all."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from qgjob.core.errors import InvalidRequest
from qgjob.server.bodies import refuse_announced_size
from qgjob.server.pressure import share_of
from qgjob.store.blobs import BlobWriter

MOST_APP_BYTES = 4 * 1024**3
MOST_BUNDLE_BYTES = 256 * 1024**2
MOST_EVIDENCE_BYTES = 256 * 1024**2

_WRITE_BYTES = 1024**2
_NEXT_CHUNK_WITHIN_S = 60.0
_WHOLE_WITHIN_S = 3600.0
"""The largest app in that time is a megabyte a second."""
_START_WITHIN_S = 60.0
_SLOWEST_BYTES_PER_S = 16 * 1024
"""On the whole, after the start: a client that drips does not keep a place from others for an hour."""


async def receive(
    request: Request, writer: BlobWriter, *, most_bytes: int, whole_within_s: float = _WHOLE_WITHIN_S
) -> None:
    """Write the request's body to `writer`.

    Raises TooLarge before or while reading, Unavailable when the disk is full or too many uploads are under way,
    InvalidRequest when the body is empty, stops arriving, or is not whole in time.
    """
    share = share_of(request)
    share.take(share.pressure.uploads)
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
    began_s = now_s()
    received = 0
    chunks = request.stream()
    while True:
        took_s = now_s() - began_s
        if took_s > whole_within_s:
            raise InvalidRequest(f"The upload was not whole within {whole_within_s:g} s: the way here is too slow.")
        if took_s > _START_WITHIN_S + received / _SLOWEST_BYTES_PER_S:
            raise InvalidRequest(f"Only {received} bytes came in {took_s:.0f} s: the way here is too slow for uploads.")
        try:
            async with asyncio.timeout(_NEXT_CHUNK_WITHIN_S):
                chunk = await anext(chunks, None)
        except TimeoutError:
            raise InvalidRequest(f"The upload stopped: no byte came for {_NEXT_CHUNK_WITHIN_S:.0f} s.") from None
        if chunk is None:
            return
        if chunk:
            received += len(chunk)
            yield chunk
