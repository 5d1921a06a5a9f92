"""One Playwright process over some jobs of a lease, behind a gateway of its own, watched for reasons to stop it.

It begins with an app that is installed and ends with nothing running; which jobs come next is the session's affair.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.device.driver import DeviceDriver
from qgjob.agent.device.installation import Installation
from qgjob.agent.gateway import DeviceCapabilities, Gateway
from qgjob.agent.host_trouble import HostTrouble, is_full
from qgjob.agent.runner import RunnerProcess, RunnerRequest
from qgjob.agent.session.following import Follower
from qgjob.agent.session.job_run import CASE_TIMEOUT_S, SILENCE_S, JobRun
from qgjob.agent.session.materials import Materials
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.session.verdict import Stop
from qgjob.agent.workshop import Workshop
from qgjob.core.attempt import Case
from qgjob.core.lease import Lease
from qgjob.core.words import Fault, Loss, Platform

SCREENSHOTS = "screenshots"
ADB_REST_S = 5.0
"""A new adb server needs a moment to find the devices that the old one had."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One device of this host, and what is known of it. `system_port` is where Appium's driver reaches it."""

    device: DeviceDriver
    installation: Installation
    system_port: int


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a round takes place: the lease, its device, and all that was prepared for it."""

    lease: Lease
    slot: Slot
    materials: Materials
    workshop: Workshop
    story: LeaseStory
    orders: Orders


class Round:
    """Runs some jobs that go with one another, once. `work` is a folder of its own, where evidence is left."""

    def __init__(self, runs: Sequence[JobRun], stage: Stage, *, appium_port: int, work: Path) -> None:
        self.runs = runs
        self.work = work
        self.gateway = Gateway(
            appium_port=appium_port,
            capabilities=DeviceCapabilities(
                serial=stage.slot.device.serial,
                system_port=stage.slot.system_port,
                adb_port=stage.workshop.adb.port,
                reset=stage.lease.reset,
            ),
            prove=stage.slot.installation.prove,
            screenshots=work / SCREENSHOTS,
        )
        self.follower = Follower(
            runs,
            gateway=self.gateway,
            story=stage.story,
            broke_beneath=self._broke_beneath,
            loss=self._loss,
            on_turn=self._turn,
        )
        self._host_trouble: HostTrouble | None = None
        self._device_is_lost = False
        self._stage = stage
        self._adb_deaths = stage.workshop.adb.deaths
        self._turned = asyncio.Event()
        self._stopped = False
        self._heard = time.monotonic()

    async def run(self) -> None:
        """Run to the end of the process, whatever ends it. Jobs that it did not come to are not concluded.

        Raises ConfigurationError or InfrastructureError when it cannot be started.
        """
        await asyncio.to_thread((self.work / SCREENSHOTS).mkdir, parents=True)
        try:
            port = await self.gateway.start()
            async with await self._stage.workshop.runner.start(self._request(port)) as runner:
                watching = asyncio.create_task(self._watch(runner))
                try:
                    async for event in runner.events():
                        self._heard = time.monotonic()
                        await self.follower.see(event)
                        if self.follower.mixes_jobs:
                            await runner.cancel()
                finally:
                    watching.cancel()
                    await asyncio.wait([watching])
        finally:
            await self.gateway.close()
        await self._find_loss()
        if not self._stage.orders.lease_is_over and not self.is_to_be_split:
            self.follower.conclude(stopped=self._stopped)

    @property
    def is_to_be_split(self) -> bool:
        """Whether its jobs have to run alone: cases cannot be told apart, or the project could not be loaded for all.

        One of several jobs may spoil that for the others.
        """
        return (self.follower.load_failure is not None or self.follower.mixes_jobs) and len(self.runs) > 1

    @property
    def host_trouble(self) -> HostTrouble | None:
        """What is wrong with the whole host, where that kept the round from coming to its own end."""
        return None if self.ended_in_order and not self.gateway.is_lost else self._host_trouble

    @property
    def ended_in_order(self) -> bool:
        """Whether it came to its own end: a job that is not concluded then was hidden by another one's `test.only`."""
        return self.follower.ended_in_order

    def _request(self, gateway_port: int) -> RunnerRequest:
        stage = self._stage
        return RunnerRequest(
            project=stage.materials.project,
            specs=tuple(str(run.path) for run in self.runs if not run.places),
            places=tuple(place for run in self.runs for place in run.places),
            grep=self.runs[0].job.grep,
            project_name=stage.lease.project,
            platform=Platform.ANDROID,
            app=stage.materials.app,
            gateway_port=gateway_port,
            device_name=stage.slot.device.serial,
            work=self.work,
            case_timeout_s=CASE_TIMEOUT_S,
            env=stage.workshop.env,
        )

    def _turn(self) -> None:
        """Another job has begun; maybe before the process noticed that it is being ended, or is about to be."""
        run = self.follower.current
        if run is not None and (self._stopped or self.gateway.is_lost):
            run.stop = Stop.TOO_LATE
        self._turned.set()

    async def _watch(self, runner: RunnerProcess) -> None:
        """Stop the process as soon as there is a reason to."""
        lost = asyncio.create_task(self.gateway.wait_until_lost())
        changed = asyncio.create_task(self._stage.orders.change())
        turned = asyncio.create_task(self._turned.wait())
        try:
            while not lost.done() and not self._must_stop():
                await asyncio.wait(
                    [lost, changed, turned], timeout=self._seconds_left(), return_when=asyncio.FIRST_COMPLETED
                )
                if changed.done():
                    changed = asyncio.create_task(self._stage.orders.change())
                if turned.done():
                    self._turned.clear()
                    turned = asyncio.create_task(self._turned.wait())
        finally:
            for task in (lost, changed, turned):
                task.cancel()
        self._stopped = True
        await runner.cancel()

    def _must_stop(self) -> bool:
        """Decide whether to stop, and note on the running job why."""
        orders, run = self._stage.orders, self.follower.current
        silent = self._silence_left() <= 0
        if run is None or run.concluded:
            return orders.stop.is_set() or silent
        if run.job.job_id in orders.cancelled:
            run.stop = Stop.CANCELLED
        elif orders.agent_ends:
            run.stop = Stop.AGENT_ENDS
        elif run.seconds_left is not None and run.seconds_left <= 0:
            run.stop = Stop.TIMED_OUT
        elif silent:
            run.stop = Stop.SILENT
        return orders.stop.is_set() or run.stop is not None

    def _seconds_left(self) -> float:
        """Seconds until there may be a reason to stop."""
        run = self.follower.current
        job_s = None if run is None or run.concluded else run.seconds_left
        return max(0.0, self._silence_left() if job_s is None else min(job_s, self._silence_left()))

    def _silence_left(self) -> float:
        run = self.follower.current
        silence_s = SILENCE_S if run is None or run.concluded else run.silence_s
        return self._heard + silence_s - time.monotonic()

    async def _broke_beneath(self, case: Case) -> bool:
        """Whether something beneath a case broke, so that its failure says nothing about the test."""
        mine = [fault for fault in self.gateway.faults if fault.case_id == case.case_id]
        if not self.gateway.is_lost and not any(fault.fault is Fault.INFRASTRUCTURE for fault in mine):
            if is_full(self.work):
                self.gateway.give_up("The disk of this host is full.")
            elif await self._stage.slot.device.reachable():
                return False
            else:
                self.gateway.give_up(f"The device {self._stage.slot.device.serial} no longer answers.")
        await self._find_loss()
        return True

    async def _find_loss(self) -> None:
        """Find out what has gone down with the round, before anything is concluded from its end."""
        device, adb = self._stage.slot.device, self._stage.workshop.adb
        if not await adb.answers() or adb.deaths != self._adb_deaths:
            self._host_trouble = HostTrouble(f"The adb server on port {adb.port} has died.", rest_s=ADB_REST_S)
        elif is_full(self.work):
            self._host_trouble = HostTrouble("The disk of this host is full.")
        elif self.gateway.is_lost and not await device.reachable():
            self._device_is_lost = True

    def _loss(self) -> Loss | None:
        if self._host_trouble is not None:
            return Loss.HOST
        return Loss.DEVICE if self._device_is_lost else None
