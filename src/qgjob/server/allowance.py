"""How much of this server's time goes into looking ahead: people who ask are answered, crowds that poll are not."""

import time
from collections.abc import Callable
from threading import Lock

SHARE = 0.25
"""Of one processor, in the long run."""
MOST_S = 2.0
"""What may be spent at once: some hundred forecasts in a small farm, fifty in a large one."""


class Allowance:
    """Seconds of processor time that fill up again. May be used from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._left_s, self._counted_at = MOST_S, clock()

    def is_left(self) -> bool:
        """Whether there is some left. What is then spent may be more."""
        with self._lock:
            now = self._clock()
            self._left_s = min(MOST_S, self._left_s + SHARE * (now - self._counted_at))
            self._counted_at = now
            return self._left_s > 0

    def spend(self, seconds: float) -> None:
        """Take off what was spent."""
        with self._lock:
            self._left_s -= seconds
