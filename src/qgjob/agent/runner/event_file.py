"""Follows the file that the reporter appends to.

A file rather than a pipe: it survives a crash of the agent and of the tests, and neither can hold up the other.
"""

from collections.abc import Iterator
from pathlib import Path

from qgjob.agent.runner.reader import MOST_LINE_BYTES, NotAnEvent

_CHUNK_BYTES = 256 * 1024


class EventFile:
    """The lines that were added since the last look. A line without its end is not there yet."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("rb")
        self._rest = b""

    def new_lines(self) -> Iterator[bytes]:
        """All complete lines up to the present end. Raises NotAnEvent when one has no end."""
        while chunk := self._file.read(_CHUNK_BYTES):
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            yield from lines
            if len(self._rest) > MOST_LINE_BYTES:
                raise NotAnEvent(f"the event file has a line of more than {MOST_LINE_BYTES} bytes")

    def close(self) -> None:
        """Close the file, which stays as evidence."""
        self._file.close()
