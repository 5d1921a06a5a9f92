"""One fact as one line of progress: when, which test, what happened, where. An unknown kind is shown as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qgjob.cli.views.moments import clock_time, duration
from qgjob.core.words import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qgjob.wire.apps import FactShown

_Data = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Names:
    """What people call the ids in facts: jobs by their test paths, workers by their names."""

    tests: Mapping[str, str] = field(default_factory=dict)
    workers: Mapping[str, str] = field(default_factory=dict)


def fact_line(fact: FactShown, names: Names) -> str | None:
    """Write the line; None for a fact that is of no interest to somebody who waits."""
    if fact["kind"] in _UNSPOKEN:
        return None
    sentence = _SENTENCES.get(fact["kind"])
    happened = sentence(fact["data"]) if sentence else fact["kind"].replace("_", " ")
    parts = [clock_time(fact["at"])]
    if fact["job_id"]:
        parts.append(names.tests.get(fact["job_id"], fact["job_id"]))
    parts.append(happened)
    if fact["worker_id"]:
        parts.append(f"[{names.workers.get(fact['worker_id'], fact['worker_id'])}]")
    # One line whatever a title holds: a CI takes a line of its own that begins with `::` for a command.
    return "  ".join(" ".join(part.split()) for part in parts)


_UNSPOKEN = frozenset({"run_submitted", "run_joined", "lease_granted", "lease_ended", "case_started", "attempt_ended"})
"""Each is followed at once by a fact that says more."""


def _installed(data: _Data) -> str:
    version = data.get("app_version_id")
    if data.get("reused"):
        return f"{version} is installed already"
    return f"installed {version} in {_seconds(data)}"


def _again(data: _Data) -> str:
    lost = {Fault.INFRASTRUCTURE.value: "was lost to infrastructure", None: "was lost with its host"}
    spends = data.get("spends")
    what = lost.get(spends if spends is None else str(spends), "failed")
    message = data.get("message")
    return f"attempt {data.get('attempt')} {what}, will run again" + (f": {message}" if message else "")


def _ended(data: _Data) -> str:
    message = data.get("message")
    return str(data.get("verdict")) + (f": {message}" if message else "")


def _seconds(data: _Data) -> str:
    seconds = data.get("seconds")
    return duration(seconds) if isinstance(seconds, int | float) else "unknown time"


_SENTENCES: Mapping[str, Callable[[_Data], str]] = {
    "install_started": lambda data: f"installing {data.get('app_version_id')}",
    "install_done": _installed,
    "install_failed": lambda data: f"installing {data.get('app_version_id')} failed: {data.get('message')}",
    "attempt_started": lambda data: f"attempt {data.get('attempt')} started",
    "case_ended": lambda data: f"{data.get('status')}: {data.get('title')} ({_seconds(data)})",
    "job_again": _again,
    "job_returned": lambda data: f"given back unbegun: {data.get('reason')}",
    "run_superseded": lambda data: f"the run is superseded by {data.get('by')}",
    "job_cancel_requested": lambda _: "is to be cancelled",
    "job_ended": _ended,
}
