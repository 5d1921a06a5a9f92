"""Keeps what a process prints: the beginning in a file, up to a bound, and always the tail in memory."""

from asyncio import StreamReader
from contextlib import suppress
from pathlib import Path

MOST_FILE_BYTES = 16 * 1024 * 1024
MOST_TAIL_BYTES = 8 * 1024
_CHUNK_BYTES = 64 * 1024


class Output:
    """The output of one process. Reading never stops before the process does, so a talkative one is not held up."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._left = MOST_FILE_BYTES
        self._tail = bytearray()

    @property
    def tail(self) -> str:
        """What was printed last, `MOST_TAIL_BYTES` at most."""
        return self._tail.decode("utf-8", errors="replace")

    async def keep(self, stream: StreamReader) -> None:
        """Read to the end."""
        while chunk := await stream.read(_CHUNK_BYTES):
            self._keep(chunk)

    def close(self) -> None:
        """Close the file, which stays as evidence."""
        self._file.close()

    def _keep(self, chunk: bytes) -> None:
        self._tail += chunk
        del self._tail[:-MOST_TAIL_BYTES]
        if self._left <= 0:
            return
        self._left -= len(chunk)
        with suppress(OSError):  # a full disk must not hold up the tests, which would wait for us to read on
            self._file.write(chunk[: self._left + len(chunk)])
            if self._left <= 0:
                self._file.write(f"\n[qgjob kept the first {MOST_FILE_BYTES} bytes of this output]\n".encode())
