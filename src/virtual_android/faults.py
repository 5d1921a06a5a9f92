"""Faults that a test orders through `virtual fault …`: the table of what is wrong with the device now."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from virtual_android.packages import InstallRefusedError
from virtual_android.storage import Storage

ANSWER_GRACE_S = 0.1
"""A fault of the connection waits this long, so that the command that ordered it still gets its answer."""


class Line(Protocol):
    """What faults do to the connection between the device and its hosts."""

    def drop(self) -> None:
        """Cut every connection."""

    def unplug(self, seconds: float | None) -> None:
        """Cut every connection and refuse new ones."""

    def freeze(self, seconds: float) -> None:
        """Answer nothing."""

    def thaw(self) -> None:
        """Answer again."""


class Faults:
    """What is wrong now; everything is well at the start."""

    def __init__(self, line: Line, storage: Storage) -> None:
        self._line = line
        self._storage = storage
        self._refusal: str | None = None
        self._refusals_left: int | None = None
        self._commands_until_drop: int | None = None
        self.install_delay_s = 0.0

    def refuse_installs(self, code: str, *, times: int | None) -> None:
        """Let the next `times` installs fail with `code` (None: all of them)."""
        self._refusal, self._refusals_left = code, times

    def check_install(self) -> None:
        """Raise InstallRefusedError when this install was ordered to fail, counting it."""
        if self._refusal is None or self._refusals_left == 0:
            return
        if self._refusals_left is not None:
            self._refusals_left -= 1
        raise InstallRefusedError(self._refusal, "ordered by virtual fault install")

    def drop(self, *, after_commands: int) -> None:
        """Cut the connections when that many more shell commands or UiAutomator2 requests begin (0: now)."""
        if after_commands:
            self._commands_until_drop = after_commands
        else:
            self._soon(self._line.drop)

    def command_began(self) -> None:
        """Count a shell command or UiAutomator2 request for a drop that was ordered."""
        if self._commands_until_drop is None:
            return
        self._commands_until_drop -= 1
        if self._commands_until_drop <= 0:
            self._commands_until_drop = None
            self._line.drop()

    def unplug(self, seconds: float | None) -> None:
        """Take the device off the line for `seconds` (None: for good)."""
        self._soon(lambda: self._line.unplug(seconds))

    def freeze(self, seconds: float) -> None:
        """Answer nothing for `seconds`."""
        self._soon(lambda: self._line.freeze(seconds))

    def fill_storage(self) -> None:
        """Behave as a device without free space."""
        self._storage.is_low = True

    def end(self) -> None:
        """Make everything well again, as far as the connection still allows to say so."""
        self._line.thaw()
        self._refusal = self._refusals_left = self._commands_until_drop = None
        self.install_delay_s = 0.0
        self._storage.is_low = False

    @staticmethod
    def _soon(deed: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(ANSWER_GRACE_S, deed)
