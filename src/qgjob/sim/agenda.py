"""What is due when, in virtual time: the only clock of a simulation."""

import heapq
from collections.abc import Callable
from itertools import count

Deed = Callable[[], None]


class Agenda:
    """`now_s` is the moment of the deed that was taken last. Of those due at one moment the first noted comes first."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._due: list[tuple[float, int, Deed]] = []
        self._order = count()

    def at(self, t: float, deed: Deed) -> None:
        """Note a deed for a moment."""
        heapq.heappush(self._due, (t, next(self._order), deed))

    def do_next(self) -> None:
        """Go on to the next moment at which something is due, and do all of it."""
        self.now_s = self._due[0][0]
        while self._due and self._due[0][0] == self.now_s:
            heapq.heappop(self._due)[2]()

    def __len__(self) -> int:
        return len(self._due)
