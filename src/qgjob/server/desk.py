"""What every handler works with: the store, the blobs and the bells of this server's long-polls."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from anyio import CapacityLimiter
from fastapi import FastAPI

from qgjob.core.errors import ConfigurationError
from qgjob.core.policy import WarmSplit
from qgjob.server.allowance import Allowance
from qgjob.server.intake import Intake
from qgjob.server.settings import AppSettings
from qgjob.server.wakes import Wakes
from qgjob.service.attend import attend
from qgjob.store import Blobs, Clock, Store, Transaction

T = TypeVar("T")

_MOST_READINGS = 2
"""App binaries read at once: each is a process of its own, with up to half a minute of work."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One per server, from its start to its stop."""

    store: Store
    blobs: Blobs
    wakes: Wakes
    intake: Intake
    readings: CapacityLimiter
    allow_fake: bool
    rule: WarmSplit
    forecasts: Allowance = field(default_factory=Allowance)

    async def write(self, verb: Callable[[Transaction], T]) -> T:
        """Run a verb; what it returns or raises comes after its commit."""
        return await asyncio.wrap_future(self.store.write(verb))

    async def decide(self, verb: Callable[[Transaction], T]) -> T:
        """Run a verb that decides by sums or writes to workers, as `write` does."""
        return await asyncio.wrap_future(self.store.decide(verb))

    async def read(self, question: Callable[[Transaction], T]) -> T:
        """Ask a question; it changes nothing."""
        return await asyncio.wrap_future(self.store.read(question))

    async def look_ahead(self, question: Callable[[Transaction], T]) -> T | None:
        """Ask a question that takes a forecast; None: too much time has gone into those lately."""
        if not self.forecasts.is_left():
            return None

        def timed(tx: Transaction) -> T:
            began_s = time.thread_time()
            try:
                return question(tx)
            finally:
                self.forecasts.spend(time.thread_time() - began_s)

        return await self.read(timed)


@asynccontextmanager
async def open_desk(settings: AppSettings, *, clock: Clock | None) -> AsyncIterator[Desk]:
    """Take ownership of the data while the block lasts; on PostgreSQL, a share in it.

    Raises ConfigurationError, and what `Store.open`, `Blobs.own` and `Blobs.share` raise.

    It attends to the farm before it gives out the desk: leases do not lose the time in which no server was there.
    """
    _make_folder(settings.data_dir)
    store = await asyncio.to_thread(Store.open, settings.database, clock=clock)
    wakes = Wakes(asyncio.get_running_loop())
    store.on_commit(wakes.on_commit)
    rule = WarmSplit(theta=settings.theta)
    blobs = Blobs(settings.data_dir / "blobs")
    try:
        await asyncio.to_thread(blobs.own if isinstance(settings.database, Path) else blobs.share)
        desk = Desk(
            store=store,
            blobs=blobs,
            wakes=wakes,
            intake=Intake(store, asyncio.get_running_loop(), rule=rule),
            readings=CapacityLimiter(_MOST_READINGS),
            allow_fake=settings.allow_fake,
            rule=rule,
        )
        await desk.write(attend)
        yield desk
    finally:
        wakes.close()
        await asyncio.to_thread(store.close)
        blobs.disown()


def desk_of(app: FastAPI) -> Desk:
    """Return the desk of a running application."""
    return cast("Desk", app.state.desk)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {folder} cannot be made: {error.strerror}. Name another with --data-dir."
        ) from error
