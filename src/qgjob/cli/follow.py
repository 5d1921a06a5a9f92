"""Follows a run or one of its jobs to the end. Leaving early, for whatever reason, never stops what is followed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.exits import WaitTimedOut
from qgjob.core.errors import QgjobError, Unavailable, Unreachable
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgjob.client import Client
    from qgjob.wire.apps import FactShown

_LONGEST_WAIT_S = 30.0
"""How long the server holds one question open at most."""
_GATHER_S = 0.2
"""Between two questions while much is happening."""
_MOST_SILENCE_S = 300.0
"""How long a server may be away (restarted, deployed) before a wait is given up."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A run, or one job of it."""

    run_id: str
    job_id: str | None = None

    @property
    def resume_command(self) -> str:
        """What to type to go on watching."""
        return f"qgjob status --job-id {self.job_id} --watch" if self.job_id else f"qgjob wait {self.run_id}"

    @property
    def stop_command(self) -> str:
        """What to type to stop it."""
        return f"qgjob cancel {self.job_id or f'--run-id {self.run_id}'}"


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often to ask, and how long to wait in all; None: as long as it takes."""

    poll_interval_s: float
    timeout_s: float | None


def follow(
    client: Client,
    watched: Watched,
    *,
    patience: Patience,
    tell: Callable[[FactShown], None],
    tick: Callable[[], None] = lambda: None,
) -> None:
    """Return when it is finished, having told every fact about it in order.

    `tick` is called between two questions, also while the server is away: at least every `poll_interval_s`, or every
    30 seconds if that is longer, as long as the server answers.

    Raises WaitTimedOut, saying how to go on, and Unreachable or Unavailable when the server has been away for five
    minutes.
    """
    _Follower(client, watched, patience, tell, tick).run()


class _Follower:
    def __init__(
        self,
        client: Client,
        watched: Watched,
        patience: Patience,
        tell: Callable[[FactShown], None],
        tick: Callable[[], None],
    ) -> None:
        self._client = client
        self._watched = watched
        self._patience = patience
        self._tell = tell
        self._tick = tick
        self._last_fact = 0
        started = time.monotonic()
        self._answered_at = started
        self._deadline = None if patience.timeout_s is None else started + patience.timeout_s

    def run(self) -> None:
        while True:
            self._tick()
            try:
                if self._is_finished():
                    self._tell_the_rest()
                    return
                self._tell_news(wait_s=self._pause_s())
            except (Unreachable, Unavailable) as error:
                self._bear(error)
            else:
                self._answered_at = time.monotonic()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                raise WaitTimedOut(
                    f"still not finished after {self._patience.timeout_s:g} s; the run goes on. "
                    f"Go on watching with: {self._watched.resume_command}"
                )

    def _is_finished(self) -> bool:
        if self._watched.job_id is not None:
            return JobStatus(self._client.jobs.get(self._watched.job_id, prospect=False)["status"]).is_final
        return self._client.jobs.get_run(self._watched.run_id, prospect=False)["status"] == JobStatus.COMPLETED

    def _tell_the_rest(self) -> None:
        while self._tell_news(wait_s=0.0):
            pass

    def _tell_news(self, *, wait_s: float) -> bool:
        """Tell a page of facts; with none, be held until there are some or `wait_s` is up. Whether there were any."""
        page = self._client.farm.facts(after=self._last_fact, wait_s=wait_s, run_id=self._watched.run_id)
        for fact in page["facts"]:
            self._last_fact = fact["fact_id"]
            if self._watched.job_id in {None, fact["job_id"]} or fact["job_id"] is None:
                self._tell(fact)
        if page["facts"] and wait_s:
            time.sleep(_GATHER_S)
        return bool(page["facts"])

    def _pause_s(self) -> float:
        pause_s = min(self._patience.poll_interval_s, _LONGEST_WAIT_S)
        if self._deadline is not None:
            pause_s = min(pause_s, self._deadline - time.monotonic())
        return max(pause_s, 0.0)

    def _bear(self, error: QgjobError) -> None:
        """Wait for a server that is away, unless it has been away too long."""
        if time.monotonic() - self._answered_at > _MOST_SILENCE_S:
            raise error
        time.sleep(self._pause_s())
