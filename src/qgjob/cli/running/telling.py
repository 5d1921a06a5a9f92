"""Tells how a run goes on: lines redrawn in place on a terminal, plain lines elsewhere, and events for programs."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qgjob.cli.running.tally import Tally
from qgjob.cli.views.fact import Names, fact_line
from qgjob.cli.views.moments import clock_time, duration
from qgjob.cli.views.prospect import prospect_lines
from qgjob.core.errors import QgjobError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qgjob.cli.say import Say
    from qgjob.client import Client
    from qgjob.wire.apps import FactShown
    from qgjob.wire.prospects import EtaShown

_HEARTBEAT_S = 30.0
"""Some CIs end a job that says nothing for a few minutes."""
_ETA_S = 15.0
_NAMES_S = 2.0
_MOST_DEVICES = 8
_OF_INTEREST = frozenset(
    {"install_failed", "job_again", "job_ended", "job_cancel_requested", "run_superseded", "late_report"}
)
"""Beside cases that failed."""


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """A run to wait for. `tests`: job id to test path; `cases`: how many tests in all, None where unknown."""

    run_id: str
    tests: Mapping[str, str]
    jobs: int
    cases: int | None


class Teller:
    """Hears facts of a run and tells of them."""

    def __init__(self, client: Client, say: Say, awaited: Awaited) -> None:
        self._client = client
        self._say = say
        self._run_id = awaited.run_id
        self._tests = awaited.tests
        self._tally = Tally(tests=awaited.tests, jobs=awaited.jobs, cases=awaited.cases)
        self._workers: Mapping[str, str] = {}
        self._eta: EtaShown | None = None
        self._asked_at = time.monotonic() - _ETA_S
        self._looked_up_at = self._asked_at
        self._said_at = time.monotonic()
        self._heard: set[str] = set()
        self._is_live = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Show how it stands while the block lasts."""
        with self._say.live(self._drawn) as is_live:
            self._is_live = is_live
            yield

    def hear(self, fact: FactShown) -> None:
        """Take in a fact, and tell it if it is of interest."""
        self._tally.hear(fact)
        if fact["worker_id"]:
            self._heard.add(fact["worker_id"])
        self._say.event(_event(fact))
        failed = fact["kind"] == "case_ended" and not fact["data"].get("ok") and fact["data"].get("status") in _FAILED
        line = (
            fact_line(fact, Names(tests=self._tests, workers=self._workers))
            if failed or fact["kind"] in _OF_INTEREST
            else None
        )
        if line is not None:
            self._say.progress(line)
            self._said_at = time.monotonic()

    def tick(self) -> None:
        """Ask for the ETA now and then, and say that it goes on where nothing shows it."""
        now = time.monotonic()
        if now - self._asked_at >= _ETA_S:
            self._asked_at = now
            self._ask()
        if not self._heard <= self._workers.keys() and now - self._looked_up_at >= _NAMES_S:
            self._looked_up_at = now
            self._look_up()
        if now - self._said_at >= _HEARTBEAT_S:
            self._said_at = now
            self._say.event(self._progress_event())
            if not self._is_live:
                self._say.progress(f"{clock_time(datetime.now(UTC).isoformat())}  {self._summary()}")

    def _ask(self) -> None:
        with suppress(QgjobError):  # who follows the run hears of a server that is away, and bears with it
            self._eta = self._client.jobs.get_run(self._run_id)["eta"]

    def _look_up(self) -> None:
        with suppress(QgjobError):
            self._workers = {each["worker_id"]: each["name"] for each in self._client.workers.all()["workers"]}

    def _drawn(self) -> Sequence[str]:
        return [*self._device_lines(), self._summary()]

    def _summary(self) -> str:
        tally = self._tally
        of = "" if tally.cases is None else f" of {tally.cases}"
        failed = f", {tally.cases_failed} failed" if tally.cases_failed else ""
        expected = " ".join(prospect_lines(None, self._eta, now=datetime.now(UTC).astimezone()))
        parts = [
            f"{tally.cases_done}{of} tests done{failed}",
            f"{tally.jobs_ended} of {tally.jobs} jobs ended",
            expected,
        ]
        return "; ".join(part for part in parts if part)

    def _device_lines(self) -> Sequence[str]:
        now = datetime.now(UTC)
        busy = [
            f"  {self._workers.get(worker_id, worker_id)}  {each.what}  "
            f"({duration(max(0.0, (now - datetime.fromisoformat(each.since)).total_seconds()))})"
            for worker_id, each in self._tally.devices.items()
        ]
        more = len(busy) - _MOST_DEVICES
        return busy if more <= 0 else [*busy[:_MOST_DEVICES], f"  and {more} more devices"]

    def _progress_event(self) -> Mapping[str, object]:
        tally = self._tally
        return {
            "event": "progress",
            "run_id": self._run_id,
            "done": tally.cases_done,
            "failed": tally.cases_failed,
            "total": tally.cases,
            "jobs_ended": tally.jobs_ended,
            "jobs": tally.jobs,
            "eta": self._eta,
        }


_FAILED = frozenset({"failed", "timedOut", "passed"})
"""`passed` is a failure where the test says that it should fail."""


def _event(fact: FactShown) -> Mapping[str, object]:
    """Write a fact for programs: the member `event` is its kind."""
    return {
        "event": fact["kind"],
        "at": fact["at"],
        "run_id": fact["run_id"],
        "job_id": fact["job_id"],
        "worker_id": fact["worker_id"],
        "data": fact["data"],
    }
