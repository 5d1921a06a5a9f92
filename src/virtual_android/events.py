"""What happened on the device, with times: kept for `virtual events`, and written to a file when one is named."""

import json
from collections import deque
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

KEPT_EVENTS = 5_000
MAX_TEXT = 500

Fact = str | int | float | bool


class EventKind(StrEnum):
    """The words of the log."""

    BOOTED = "booted"
    HOST_CONNECTED = "host_connected"
    SERVICE = "service"
    SERVICE_REFUSED = "service_refused"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_ENDPOINT = "unknown_endpoint"
    UI_REQUEST = "ui_request"
    INSTALLED = "installed"
    INSTALL_REFUSED = "install_refused"
    UNINSTALLED = "uninstalled"
    DATA_CLEARED = "data_cleared"
    SESSION_BEGAN = "session_began"
    SESSION_ENDED = "session_ended"
    APP_STARTED = "app_started"
    APP_STOPPED = "app_stopped"
    APP_CRASHED = "app_crashed"
    FILE_PUSHED = "file_pushed"
    FILE_PULLED = "file_pulled"
    FAULT_ORDERED = "fault_ordered"


class EventLog:
    """The last events in memory, all of them in the file."""

    def __init__(self, path: Path | None = None) -> None:
        self._kept: deque[str] = deque(maxlen=KEPT_EVENTS)
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def record(self, kind: EventKind, **facts: Fact) -> None:
        """Note one event; long texts are cut."""
        cut = {name: fact[:MAX_TEXT] if isinstance(fact, str) else fact for name, fact in facts.items()}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "event": kind, **cut})
        self._kept.append(line)
        if self._file:
            self._file.write(line + "\n")

    def lines(self) -> list[str]:
        """Give the kept events, oldest first, one JSON object each."""
        return list(self._kept)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
