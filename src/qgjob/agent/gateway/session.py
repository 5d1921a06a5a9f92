"""One WebDriver session: what is kept of it for the record, and who still uses it while it is open."""

from asyncio import Transport
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Session:
    """The record of one session.

    `case_id` and `retry` name the execution that opened it, None where the test process did not say. `started_at` is
    when the request came to Appium. `ended` is false while it is open, and for good when Appium did not confirm its
    end. `screenshot` was taken before the end because the case had not passed.
    """

    session_id: str
    case_id: str | None
    retry: int
    started_at: datetime
    create_seconds: float
    ended_at: datetime | None = None
    delete_seconds: float | None = None
    ended: bool = False
    screenshot: Path | None = None


class OpenSession:
    """A session that a test holds. It is abandoned when every connection that it was used over is closed."""

    def __init__(self, record: Session, connection: Transport | None) -> None:
        self.record = record
        self.broken: str | None = None
        self._connections: set[Transport] = set()
        self.used_over(connection)

    def used_over(self, connection: Transport | None) -> None:
        """Remember who uses it."""
        self._connections = {each for each in self._connections if not each.is_closing()}
        if connection is not None:
            self._connections.add(connection)

    @property
    def abandoned(self) -> bool:
        """Whether the process that opened it can no longer end it: it crashed, or was stopped in the middle."""
        return all(connection.is_closing() for connection in self._connections)
