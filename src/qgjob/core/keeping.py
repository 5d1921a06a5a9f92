"""Which waiting jobs are kept from a worker for another that should rather have them: the rule of every preference.

A preference is never a reason to idle: a job is kept only while such another is free, and only for a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.pin import Pin
from qgjob.core.words import WorkerId
from qgjob.core.worker import Worker

PIN_LASTS = timedelta(seconds=60)
"""A free worker of a living agent asks at least every 30 s: one that has not come by then does not come."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Where a waiting job should rather run: not on `avoid_worker` until a time, and on what `pin` means.

    `waits_since_at`: since when it waits, this time.
    """

    waits_since_at: datetime
    avoid_worker: WorkerId | None = None
    avoid_until_at: datetime | None = None
    pin: Pin | None = None

    def would_rather(self, worker: Worker, *, now: datetime) -> bool:
        """Whether it would rather have another worker than this one."""
        return self._avoids(worker, now) or self._misses_its_pin(worker, now)

    def is_kept_from(self, worker: Worker, *, others: Iterable[Worker], now: datetime) -> bool:
        """Whether this worker leaves it alone. `others`: the other workers that are free and meet its requirement."""
        candidates = [other for other in others if not self._avoids(other, now)]
        if self._misses_its_pin(worker, now) and any(self._is_pinned_to(other) for other in candidates):
            return True
        return self._avoids(worker, now) and bool(candidates)

    def _avoids(self, worker: Worker, now: datetime) -> bool:
        return worker.worker_id == self.avoid_worker and self.avoid_until_at is not None and now < self.avoid_until_at

    def _misses_its_pin(self, worker: Worker, now: datetime) -> bool:
        in_force = self.pin is not None and now < self.waits_since_at + PIN_LASTS
        return in_force and not self._is_pinned_to(worker)

    def _is_pinned_to(self, worker: Worker) -> bool:
        return self.pin is not None and self.pin.fits(names=worker.traits.names, tags=worker.tags)
