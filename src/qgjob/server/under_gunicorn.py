"""The server under gunicorn: a worker class that speaks HTTP as `qgjob server` does, and the rule of one owner.

gunicorn opens the sockets, starts and replaces the processes and passes on signals; everything else is ours, so what
is proven of one door holds for the other.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
from fastapi import FastAPI
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from qgjob.core.errors import ConfigurationError, Conflict, QgjobError, Unavailable
from qgjob.server.http_server import Serving, serving_on
from qgjob.server.logs import set_up_logs
from qgjob.server.settings import Access, is_loopback, read_app_settings

log = structlog.stdlib.get_logger("qgjob.server")

_NOTIFY_EVERY_S = 1.0
_OWNED_WITHIN_S = 60.0
"""How long a new process waits for the one that it replaces: longer than that one has to answer what is under way."""
_ASK_AGAIN_S = 0.1
_LEFT_FOR_CLOSING_S = 5.0
"""Of gunicorn's graceful_timeout: what closing the store may take before the process is killed."""


def bound_workers(server: Arbiter) -> None:
    """Keep one worker where the database has one owner, and say so. A hook for `nworkers_changed`.

    Raises RuntimeError, which gunicorn ends with, when the environment names no database that we know.
    """
    try:
        settings = read_app_settings()
    except ConfigurationError as error:
        raise RuntimeError(error.message) from error
    if server.num_workers > 1 and isinstance(settings.database, Path):
        server.log.warning(
            "%d workers were asked for and 1 is started: the SQLite database %s has one owner process, which serves "
            "all requests. For more, give QGJOB_DATABASE_URL=postgresql://...",
            server.num_workers,
            settings.database,
        )
        server.cfg.set("workers", 1)
        server.num_workers = 1


class ServerWorker(Worker):  # type: ignore[misc]  # gunicorn ships no types
    """One process of the server. SIGTERM: answer what is under way within graceful_timeout. SIGQUIT, SIGINT: hurry."""

    def init_signals(self) -> None:
        """Leave signals as they are by default, until the event loop runs."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until told to stop; ends the process with gunicorn's code for a failed boot when it cannot start."""
        set_up_logs(verbose=self.cfg.loglevel == "debug")
        try:
            asyncio.run(self._serve(self.wsgi))
        except QgjobError as error:
            self.log.error("%s", error.message)  # noqa: TRY400  # a sentence for a person, who did not write the code
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def _serve(self, app: FastAPI) -> None:
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.log.reopen_files)
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        beat = asyncio.create_task(self._beat(told))
        async with AsyncExitStack() as stack:
            stack.callback(beat.cancel)
            if await _started(app, stack, told):
                await self._serve_until_told(app, stack, told)

    async def _serve_until_told(self, app: FastAPI, stack: AsyncExitStack, told: asyncio.Event) -> None:
        sockets = [each.sock for each in self.sockets]
        _say_who_may_come(sockets)
        grace_s = max(1.0, self.cfg.graceful_timeout - _LEFT_FOR_CLOSING_S)
        serving = await stack.enter_async_context(serving_on(app, sockets, grace_s=grace_s))
        stop = asyncio.create_task(told.wait())
        for number in (signal.SIGQUIT, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _hurry, serving, told)
        await asyncio.wait({stop, serving.ended}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()

    async def _beat(self, told: asyncio.Event) -> None:
        """Tell gunicorn that we live, and end when it does not: an orphan would keep the socket and the data."""
        while True:
            self.notify()
            if os.getppid() != self.ppid:
                told.set()
            await asyncio.sleep(_NOTIFY_EVERY_S)


async def _started(app: FastAPI, stack: AsyncExitStack, told: asyncio.Event) -> bool:
    """Start the application as soon as it can have the data; False: told to stop first.

    What another process owns is waited for as long as one that is to be replaced may take, a database that is away for
    as long as it takes: gunicorn would give up altogether over a worker that does not start. Raises Conflict.
    """
    deadline_s = asyncio.get_running_loop().time() + _OWNED_WITHIN_S
    said = ""
    while not told.is_set():
        try:
            await stack.enter_async_context(app.router.lifespan_context(app))
        except (Conflict, Unavailable) as error:
            if isinstance(error, Conflict) and asyncio.get_running_loop().time() > deadline_s:
                raise
            if error.message != said:
                log.warning("waiting_for_the_data", because=error.message)
            said = error.message
            await asyncio.sleep(_ASK_AGAIN_S)
        else:
            return True
    return False


def _hurry(serving: Serving, told: asyncio.Event) -> None:
    serving.hurry()
    told.set()


def _say_who_may_come(sockets: Sequence[socket.socket]) -> None:
    """Say at every start that callers from elsewhere are turned away, where they can reach us."""
    addresses = [each.getsockname() for each in sockets if each.family in {socket.AF_INET, socket.AF_INET6}]
    elsewhere = [address[0] for address in addresses if not is_loopback(address[0])]
    if elsewhere and read_app_settings().access is Access.LOOPBACK:
        log.warning(
            "only_this_machine_is_served",
            listening_on=elsewhere,
            because="there is no access control yet",
            otherwise="QGJOB_ACCESS=none",
        )
