"""The farm's totals: jobs, groups, workers, and the ledger of what installing once has saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from qgjob.core.words import JobStatus


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What devices did. `installs_stock`: case executions that opened a session, each an install in stock Appwright.

    `idle_seconds`: how long devices held an app version and had no lease, as far as that is over.
    """

    installs: int
    installs_stock: int
    sessions: int
    install_seconds: float
    test_seconds: float
    idle_seconds: float

    @property
    def installs_avoided(self) -> int:
        """Installations that stock Appwright would have done and we did not; never below 0."""
        return max(0, self.installs_stock - self.installs)


@dataclass(frozen=True, kw_only=True)
class Stats:
    """Totals of the farm. `jobs` has a count for every status, 0 included."""

    jobs: Mapping[JobStatus, int]
    groups: int
    workers: int
    active_workers: int
    ledger: Ledger
