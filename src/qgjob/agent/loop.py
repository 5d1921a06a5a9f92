"""The agent at work: claims leases for the devices that are free, runs their sessions side by side, minds the absent.

It decides nothing about jobs: what a device gets is the server's affair, how a lease goes is the session's.
"""

import asyncio
import sys
import traceback
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import partial

from qgjob.agent.delivery.patience import pauses
from qgjob.agent.delivery.threads import in_thread
from qgjob.agent.heartbeat.renewal import Listeners, Renewal, Renewing
from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.offers import read_lease
from qgjob.agent.registration import Registration
from qgjob.agent.session.running import RunningSessions
from qgjob.agent.stopping import Stopped, unless
from qgjob.agent.workers import DeviceWorker, State, Workers
from qgjob.agent.workshop import Workshop
from qgjob.client import Client
from qgjob.core.errors import InfrastructureError, NotFound, QgjobError
from qgjob.core.lease import Lease
from qgjob.core.words import AgentId
from qgjob.wire.agents import ClaimBody

CLAIM_WAIT_S = 25.0
"""Within what the server holds a long-poll open for."""
CLAIM_PAUSE_S = 2.0
"""After a claim that failed; the server may be away."""
STOP_SESSIONS_S = 30.0
STOP_UPLOADS_S = 10.0
STOP_GOODBYE_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """The agent's line to its server."""

    agent_id: AgentId
    client: Client
    registration: Registration
    renewal: Renewal


class Agent:
    """Serves one server with some devices, from `serve` until `stop`."""

    def __init__(self, workers: Workers, workshop: Workshop, sessions: RunningSessions, line: Line) -> None:
        self._workers = workers
        self._workshop = workshop
        self._sessions = sessions
        self._line = line
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_work: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._is_registered = False
        self._troubles = 0

    def stop(self) -> None:
        """Take no more work, and end what is running."""
        self._stopping.set()
        self._changed.set()
        self._sessions.stop()

    async def register(self) -> None:
        """Tell the server of the devices that are there. Raises what it refuses the agent with."""
        self._is_registered = True
        for worker in await self._line.registration.register(holding=self._sessions.tokens):
            if worker.state is State.FREE:
                worker.state = State.AWAY
                self._start(self._bring_back(worker))
        self._renew()

    async def serve(self) -> None:
        """Work until `stop`, and until what was running then has ended and is told."""
        self._start(self._line.renewal.run(Listeners(lease=self._sessions.hear, unknown=self._register_again)))
        self._start(self._workshop.uploads.run())
        try:
            while not self._stopping.is_set():
                self._changed.clear()
                await self._serve_the_free()
                await self._changed.wait()
            await self._end_well()
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _serve_the_free(self) -> None:
        """Claim for those who have nothing to do, in one call."""
        if not self._is_registered:
            try:
                await unless(self._stopping, self.register())
            except Stopped:
                return
        free = self._workers.in_state(State.FREE)
        if free and not self._troubles:
            for worker in free:
                worker.state = State.CLAIMING
            self._start(self._claim(free))

    async def _end_well(self) -> None:
        """Let sessions, reports and evidence come to their end, within limits: the journal keeps what does not."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=STOP_SESSIONS_S)
        try:
            async with asyncio.timeout(STOP_UPLOADS_S):
                await self._workshop.uploads.all_done()
            async with asyncio.timeout(STOP_GOODBYE_S):
                await self._line.registration.say_goodbye()
        except TimeoutError:
            self._workshop.say("the server does not answer: it will find out by itself that this agent is gone")

    async def _claim(self, free: Sequence[DeviceWorker]) -> None:
        """Ask for work for these devices; whoever gets none is free again afterwards."""
        ids = [worker.worker_id for worker in free if worker.worker_id is not None]
        body = ClaimBody(agent_id=self._line.agent_id, worker_ids=list(ids), wait_s=CLAIM_WAIT_S)
        try:
            claimed = await in_thread(partial(self._line.client.leases.claim, body))
            for lease in map(read_lease, claimed["leases"]):
                self._begin(lease)
        except NotFound:
            self._register_again()
        except (QgjobError, ValueError) as error:
            self._workshop.say(f"could not ask for work: {error}")
            await asyncio.sleep(CLAIM_PAUSE_S)
        finally:
            for worker in free:
                if worker.state is State.CLAIMING:
                    worker.state = State.FREE

    def _begin(self, lease: Lease) -> None:
        worker = self._workers.of_id(lease.worker_id)
        if worker is None or worker.state is not State.CLAIMING or self._stopping.is_set():
            # Not reported: the next registration, which does not hold this lease, gives its jobs back.
            self._register_again()
            return
        worker.state = State.BUSY
        paths = ", ".join(job.test_path for job in lease.jobs)
        self._workshop.say(f"{worker.serial}: gets {paths} of {lease.app_version_id}: {lease.reason}")
        self._sessions.expect(lease)
        self._renew()
        task = self._start(self._work(worker, lease))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _work(self, worker: DeviceWorker, lease: Lease) -> None:
        try:
            await self._sessions.run(lease, worker.slot)
        except HostTrouble as error:
            self._workshop.say(f"{error.message} No work is taken for {error.rest_s:g} s.")
            self._start(self._rest(error.rest_s))
        if await worker.slot.device.reachable():
            worker.state = State.FREE
        elif not self._stopping.is_set():
            worker.state = State.AWAY
            self._register_again()
            self._start(self._bring_back(worker))
        self._renew()

    async def _bring_back(self, worker: DeviceWorker) -> None:
        """Wait until a device that was lost is there again, and tell the server."""
        self._workshop.say(f"{worker.serial} does not answer: it takes no work until it does")
        for pause_s in pauses():
            await asyncio.sleep(pause_s)
            try:
                await worker.slot.device.connect()
            except InfrastructureError:
                continue
            break
        self._workshop.say(f"{worker.serial} answers again")
        worker.state = State.FREE
        self._register_again()

    async def _rest(self, rest_s: float) -> None:
        """Let no device of this host take work for a while; the troubles of several sessions end with the last."""
        self._troubles += 1
        await asyncio.sleep(rest_s)
        self._troubles -= 1

    def _register_again(self) -> None:
        self._is_registered = False
        self._changed.set()

    def _renew(self) -> None:
        self._line.renewal.renew(
            Renewing(
                worker_ids=self._workers.present_ids,
                tokens=list(self._sessions.tokens),
                every_s=self._line.registration.renew_every_s,
            )
        )

    def _start(self, deed: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(deed)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Look at everything again when a part of the work has ended; a bug in one part is said and spares the rest."""
        self._tasks.discard(task)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            traceback.print_exception(error, file=sys.stderr)
