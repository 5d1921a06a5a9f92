"""The device's log, as `logcat -v threadtime` shows it; a bounded buffer that followers read from."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime

KEPT_LINES = 2_000


class Logcat:
    """Lines of the log; a follower that is too slow loses the oldest ones."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._written = 0
        self._grown = asyncio.Event()

    def write(self, tag: str, text: str, *, level: str = "I", pid: int = 1000) -> None:
        """Add one line per line of `text`."""
        at = datetime.now(UTC).strftime("%m-%d %H:%M:%S.%f")[:-3]
        for line in text.splitlines():
            self._lines.append(f"{at} {pid:5d} {pid:5d} {level} {tag}: {line}")
            self._written += 1
        self._grown.set()
        self._grown = asyncio.Event()

    def clear(self) -> None:
        """Forget the kept lines."""
        self._lines.clear()

    def lines(self) -> list[str]:
        """Give the kept lines, oldest first."""
        return list(self._lines)

    async def follow(self) -> AsyncIterator[str]:
        """Give the kept lines and then each new one, for ever."""
        seen = self._written - len(self._lines)
        while True:
            grown = self._grown
            new = min(self._written - seen, len(self._lines))
            seen = self._written
            for line in list(self._lines)[len(self._lines) - new :]:
                yield line
            if seen == self._written:
                await grown.wait()
