"""One lease from its first byte to its last word: prepare, install once, run each job, tell, leave the evidence.

Whatever happens, every job of the lease is either judged or given back, and nothing of the session is left running.
"""

import asyncio
import errno
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from qgjob.agent.delivery.uploads import EvidenceFile
from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.request import spec_filter
from qgjob.agent.session.evidence import evidence_of
from qgjob.agent.session.job_run import JobRun
from qgjob.agent.session.materials import Materials, gather
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.round import Round, Slot, Stage
from qgjob.agent.session.story import LeaseStory
from qgjob.agent.session.verdict import Judgement, judge_error
from qgjob.agent.stopping import Stopped, unless
from qgjob.agent.workshop import Workshop
from qgjob.core.errors import ConfigurationError, InfrastructureError, QgjobError
from qgjob.core.lease import Lease, LeasedJob
from qgjob.core.picking import place_named
from qgjob.core.places import Place
from qgjob.core.words import Fault, JobId, Proof, ResetMode, Verdict

_HOST_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_BROKEN_OFF = Judgement(
    verdict=Verdict.INFRA_ERROR, fault=Fault.US, message="The agent broke off the session; its log says why."
)


class Session:
    """Works off one lease on one device. `work` is a folder of its own, which goes to the uploads at the end."""

    def __init__(
        self, lease: Lease, slot: Slot, workshop: Workshop, *, story: LeaseStory, orders: Orders, work: Path
    ) -> None:
        self._lease = lease
        self._slot = slot
        self._workshop = workshop
        self._story = story
        self._orders = orders
        self._work = work
        self._halt = asyncio.Event()
        self._settled = set[JobId]()
        self._evidence = list[EvidenceFile]()
        self._rounds = list[Round]()

    async def run(self) -> None:
        """Work off the lease. Raises HostTrouble after giving back what no device of this host could do now."""
        minding = asyncio.create_task(self._mind_orders())
        try:
            await asyncio.to_thread(self._work.mkdir, parents=True)
            await self._work_off(minding)
        except Stopped:
            self._give_back(self._open, "The agent stopped before it began.")
        except HostTrouble as error:
            self._give_back(self._open, error.message)
            raise
        except QgjobError as error:
            self._say(error.message)
            self._judge_open(judge_error(error))
        except Exception as error:
            if not _is_of_the_host(error):
                self._judge_open(_BROKEN_OFF)
                raise
            trouble = HostTrouble(f"This host does not let the agent work: {error}.")
            self._give_back(self._open, trouble.message)
            raise trouble from error
        finally:
            minding.cancel()
            self._leave_off()
            self._story.lease_ended()
            self._workshop.uploads.add(self._evidence, folder=self._work)

    @property
    def _open(self) -> list[LeasedJob]:
        """Jobs that are neither judged nor given back."""
        runs = (run for round_ in self._rounds for run in round_.runs)
        settled = self._settled | {run.job.job_id for run in runs if run.concluded}
        return [job for job in self._lease.jobs if job.job_id not in settled]

    async def _mind_orders(self) -> None:
        """Until the first round, which minds them itself: drop cancelled jobs, and all that is done for none."""
        while self._open and not self._orders.stop.is_set():
            await self._orders.change()
            self._drop_cancelled(self._open)
        self._halt.set()

    async def _work_off(self, minding: asyncio.Task[None]) -> None:
        if not await self._device_is_there():
            return
        materials = await unless(self._halt, gather(self._lease, self._workshop, work=self._work / "listing"))
        self._judge_unknown_paths(materials)
        if not self._open:
            return
        await unless(self._halt, self._install(materials))
        minding.cancel()
        stage = Stage(
            lease=self._lease,
            slot=self._slot,
            materials=materials,
            workshop=self._workshop,
            story=self._story,
            orders=self._orders,
        )
        await self._run_rounds(stage)

    async def _device_is_there(self) -> bool:
        """Look before anything is spent on the jobs: a device that is gone gives them back free of charge."""
        try:
            await unless(self._halt, self._workshop.adb.ensure())
        except InfrastructureError as error:
            raise HostTrouble(error.message) from error
        try:
            await unless(self._halt, self._slot.device.connect())
        except InfrastructureError as error:
            self._give_back(self._open, error.message)
            return False
        return True

    def _judge_unknown_paths(self, materials: Materials) -> None:
        folder = materials.project.folder
        for job in self._open:
            try:
                _check_place(folder, _place(folder, job))
            except ConfigurationError as error:
                self._judge(job, judge_error(error))

    async def _install(self, materials: Materials) -> None:
        """Make sure that the app is on the device and proven, installing it only when the device holds another."""
        binary, installation, story = materials.binary, self._slot.installation, self._story
        began = time.monotonic()
        reused = self._lease.reset is not ResetMode.FRESH and await installation.holds(binary)
        if reused:
            seconds, proof = time.monotonic() - began, installation.best_proof
        else:
            story.install_started()
            try:
                installed = await installation.install(binary, materials.app)
            except QgjobError as error:
                story.install_failed(seconds=time.monotonic() - began, error=error)
                raise
            seconds, proof = installed.seconds, installed.proof
            self._say(f"installed {binary.package} {binary.version_name} in {seconds:.1f} s")
        story.installed(
            reused=reused,
            seconds=seconds,
            sha256=binary.sha256 if materials.uploaded else None,
            package=binary.package,
            proof=proof if materials.uploaded else Proof.NONE,
        )

    async def _run_rounds(self, stage: Stage) -> None:
        """Run all jobs in as few processes as can tell them apart; what spoils or hides others runs alone."""
        folder = stage.materials.project.folder
        waiting = deque(_apart(self._open, folder))
        while waiting and not self._orders.stop.is_set():
            jobs = waiting.popleft()
            self._drop_cancelled(jobs)
            jobs = [job for job in jobs if job.job_id not in self._settled]
            if not jobs:
                continue
            round_ = await self._run_round(jobs, stage)
            if round_.is_to_be_split:
                waiting.extendleft([job] for job in reversed(jobs))
                continue
            if round_.host_trouble is not None:
                raise round_.host_trouble
            if round_.gateway.is_lost or self._orders.stop.is_set():
                return
            left = [_whole(run) if run.missed_its_places else run.job for run in round_.runs if not run.concluded]
            if round_.ended_in_order:
                waiting.extendleft([job] for job in reversed(left))
                continue
            self._give_back(left, "The process that it shared ended before it began.")

    async def _run_round(self, jobs: list[LeasedJob], stage: Stage) -> Round:
        port = await self._workshop.appium.port()
        log_start = self._workshop.appium.log_end()
        work = self._work / f"round-{len(self._rounds) + 1}"
        self._say(f"runs {', '.join(job.test_path for job in jobs)}")
        runs = [JobRun(job=job, place=_place(stage.materials.project.folder, job)) for job in jobs]
        round_ = Round(runs, stage, appium_port=port, work=work)
        self._rounds.append(round_)
        await round_.run()
        appium_log = work / "appium.log"
        await asyncio.to_thread(
            appium_log.write_bytes, self._workshop.appium.device_log(self._slot.device.serial, since=log_start)
        )
        for run in round_.runs:
            if run.begun:
                self._evidence += evidence_of(
                    run, RunFiles(folder=work), sessions=round_.gateway.sessions, appium_log=appium_log
                )
        return round_

    def _say(self, what: str) -> None:
        self._workshop.say(f"{self._slot.device.serial}: {what}")

    def _drop_cancelled(self, jobs: Iterable[LeasedJob]) -> None:
        """Give back those that a person wants stopped, before anything of them has begun."""
        unwanted = [job for job in jobs if job.job_id in self._orders.cancelled]
        self._give_back(unwanted, "It was cancelled before it began.")

    def _judge(self, job: LeasedJob, judgement: Judgement) -> None:
        """End a job of which the runner saw nothing."""
        self._story.attempt_ended(job, judgement, seconds=0.0, sessions=0, project_retries=None)
        self._settled.add(job.job_id)

    def _judge_open(self, judgement: Judgement) -> None:
        for job in self._open:
            self._judge(job, judgement)

    def _leave_off(self) -> None:
        """Settle what is still open; a job that had begun is open only when a second signal cut in."""
        if self._orders.lease_is_over:
            return  # what becomes of these jobs was decided elsewhere
        begun = {run.job.job_id for round_ in self._rounds for run in round_.runs if run.begun}
        for job in self._open:
            if job.job_id in begun:
                self._judge(job, _BROKEN_OFF)
        self._give_back(self._open, "The session ended before it began.")

    def _give_back(self, jobs: Iterable[LeasedJob], reason: str) -> None:
        for job in jobs:
            self._story.job_returned(job, reason)
            self._settled.add(job.job_id)


def _is_of_the_host(error: Exception) -> bool:
    """Whether the operating system refused something that it would refuse to every session now."""
    return isinstance(error, OSError) and error.errno in _HOST_ERRORS


def _whole(run: JobRun) -> LeasedJob:
    """Make a job run all of its cases, as the places where some of them should be hold none."""
    return replace(run.job, places=())


def _place(folder: Path, job: LeasedJob) -> Place:
    return place_named(job.test_path, is_there=lambda path: (folder / path).exists())


def _check_place(folder: Path, place: Place) -> None:
    """Raise ConfigurationError for what leads out of the project or to nothing, and for a line of a folder."""
    spec_filter(folder, place.file)
    if not (folder / place.file).exists():
        raise ConfigurationError(f"There is no {place.file} in the project.")
    if place.line and (folder / place.file).is_dir():
        raise ConfigurationError(f"{place.file} is a folder, and has no line {place.line}: name a file in it.")


def _apart(jobs: Iterable[LeasedJob], folder: Path) -> list[list[LeasedJob]]:
    """Put jobs together that go with one another, as many as there are."""
    rounds: list[list[JobRun]] = []
    for job in jobs:
        run = JobRun(job=job, place=_place(folder, job))
        fitting = next((each for each in rounds if all(run.goes_with(other) for other in each)), None)
        if fitting is None:
            rounds.append([run])
        else:
            fitting.append(run)
    return [[run.job for run in each] for each in rounds]
