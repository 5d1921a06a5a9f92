"""The events of leases on disk until the server has confirmed them, so that a restarted agent can deliver them.

One file of JSON lines per lease, appended to, and deleted once its last event is confirmed.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from qgjob.core.words import LeaseToken
from qgjob.wire.agents import Event

MOST_LEASES = 1000
"""Of leases that an earlier agent left, the newest are kept: the server has long given up on older ones."""
_SYNCED = frozenset({"installed", "install_failed", "attempt_ended", "job_returned", "lease_ended"})
"""What a loss of power must not take; cases stream past by the dozen, and a verdict holds what matters of them."""


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """What an earlier agent did not get to the server, oldest event first."""

    token: LeaseToken
    events: tuple[Event, ...]


class Journal:
    """A folder with one file per lease. Raises OSError when the disk does not take what is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, token: LeaseToken, event: Event) -> None:
        """Keep an event until it is confirmed; a verdict is on the disk when this returns."""
        self._append(token, {"event": event}, synced=event["kind"] in _SYNCED)

    def confirm(self, token: LeaseToken, last_seq: int) -> None:
        """Keep that the server knows the events up to this one."""
        self._append(token, {"confirmed": last_seq}, synced=False)

    def forget(self, token: LeaseToken) -> None:
        """Drop all of a lease: everything was delivered, or the server does not want it."""
        self._path(token).unlink(missing_ok=True)

    def undelivered(self) -> list[Undelivered]:
        """Return what is left of earlier agents, oldest lease first; what nobody needs and is beyond the bound goes."""
        paths = sorted(self._folder.glob("*.jsonl"), key=lambda path: int(path.stem))
        for path in paths[:-MOST_LEASES]:
            path.unlink()
        found = [(path, _read(path)) for path in paths[-MOST_LEASES:]]
        for path, left in found:
            if not left.events:
                path.unlink()  # the agent was killed before it could forget what was all confirmed
        return [left for _, left in found if left.events]

    def _append(self, token: LeaseToken, line: dict[str, object], *, synced: bool) -> None:
        with self._path(token).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            if synced:
                os.fsync(file.fileno())

    def _path(self, token: LeaseToken) -> Path:
        return self._folder / f"{token}.jsonl"


def _read(path: Path) -> Undelivered:
    confirmed, events = 0, []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            break  # a torn last line: it was never on the disk as a whole
        if "confirmed" in line:
            confirmed = line["confirmed"]
        else:
            events.append(cast("Event", line["event"]))
    return Undelivered(
        token=LeaseToken(int(path.stem)), events=tuple(event for event in events if event["seq"] > confirmed)
    )
