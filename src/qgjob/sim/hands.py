"""What simulated devices and their agents do: install, run one job after another, report, and be lost."""

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

from qgjob.core.lease import AttemptEnded, AttemptStarted, InstallDone, Lease, LeasedJob, LeaseEnded
from qgjob.core.words import Fault, JobId, Loss, Proof, Verdict
from qgjob.sim.agenda import Agenda
from qgjob.sim.device import Device, Version, Work
from qgjob.sim.farm import SimulatedFarm, moment
from qgjob.sim.happened import Happened, Tell
from qgjob.sim.trace import TraceJob


class Hands:
    """Works leases off. `freed` is called when a device is free again, `returned` for a job that was lost with one.

    `jobs`: those that have been submitted, by the farm's ids.
    """

    def __init__(
        self,
        farm: SimulatedFarm,
        agenda: Agenda,
        happened: Happened,
        jobs: Mapping[JobId, TraceJob],
        *,
        tell: Tell,
        freed: Callable[[Device], None],
        returned: Callable[[JobId], None],
    ) -> None:
        self._farm, self._agenda, self._happened, self._jobs = farm, agenda, happened, jobs
        self._tell, self._freed, self._returned = tell, freed, returned
        self._trace = happened.trace
        self._uploaded_s: dict[Version, float] = {}

    def take(self, device: Device, lease: Lease) -> None:
        """Begin with a lease."""
        device.work = Work(lease=lease, left=deque(lease.jobs), since_s=self._agenda.now_s)
        if device.holds == (lease.org_id, lease.app_version_id):
            self._installed(device, took_s=None)
        else:
            self._install(device, lease.app_version_id)

    def _install(self, device: Device, version: str) -> None:
        """Install: in a cloud after the one upload of the version."""
        now_s, name = self._agenda.now_s, device.worker.worker_class
        install = self._trace.installs[version][name]
        uploaded_s = self._uploaded_s.setdefault((version, name), now_s + install.upload_s)
        device.holds = None
        device.at_work.installing = True
        self._tell(now_s, "install_started", device.worker.name, "app_version", version)
        self._unless_lost(max(now_s, uploaded_s) + install.seconds, device, self._end_install)

    def _end_install(self, device: Device) -> None:
        work, happened, now_s = device.at_work, self._happened, self._agenda.now_s
        version = work.lease.app_version_id
        happened.installs += 1
        happened.installing(device.worker, now_s - work.since_s)
        work.installing = False
        device.holds = (work.lease.org_id, version)
        self._tell(now_s, "install_done", device.worker.name, "app_version", version)
        self._installed(device, took_s=self._trace.installs[version][device.worker.worker_class].estimate_s)

    def _installed(self, device: Device, *, took_s: float | None) -> None:
        """Report an installation, None: it was there, and begin. It is said to have taken what the farm believes.

        So what the farm believes stays what the trace says that it does, to the end.
        """
        work, app = device.at_work, device.at_work.lease.app
        work.note(
            InstallDone(
                seq=work.next_seq(),
                at=moment(self._agenda.now_s),
                reused=took_s is None,
                seconds=took_s or 0,
                sha256=None if app is None else app.sha256,
                package=None if app is None else app.package,
                proof=Proof.FAKE,
            )
        )
        self._begin(device)

    def _begin(self, device: Device) -> None:
        """Begin with the next job of the lease."""
        work, now_s = device.at_work, self._agenda.now_s
        leased = work.left[0]
        job = self._jobs[leased.job_id]
        work.since_s = now_s
        self._happened.started.setdefault(job.job, now_s)
        self._tell(now_s, "job_started", device.worker.name, "job", job.job)
        work.note(AttemptStarted(seq=work.next_seq(), at=moment(now_s), job_id=leased.job_id, attempt=leased.attempt))
        self._unless_lost(now_s + job.seconds, device, self._end_job)

    def _end_job(self, device: Device) -> None:
        work, now_s = device.at_work, self._agenda.now_s
        leased = work.left.popleft()
        job = self._jobs[leased.job_id]
        self._happened.testing(device.worker, job.seconds)
        self._happened.ended[job.job] = now_s
        self._tell(now_s, "job_done", device.worker.name, "job", job.job)
        work.note(_ended(work, leased, now_s, seconds=job.seconds))
        if work.left:
            self._report(device)
            self._begin(device)
        else:
            self._end_lease(device)
            self._freed(device)

    def _end_lease(self, device: Device) -> None:
        work = device.at_work
        work.note(LeaseEnded(seq=work.next_seq(), at=moment(self._agenda.now_s)))
        self._report(device)
        device.work = None

    def _report(self, device: Device) -> None:
        """Tell what happened since the last report: no decision depends on what a lease has done before a job ends."""
        work = device.at_work
        untold, work.untold = work.untold, []
        self._farm.report(device.agent, work.lease.token, untold)

    def lose(self, device: Device) -> None:
        """Let a device go, with what it holds and runs. The farm knows some time later."""
        now_s, work = self._agenda.now_s, device.work
        device.up, device.holds = False, None
        device.life += 1
        self._tell(now_s, "worker_lost", device.worker.name, "", "")
        if work is None or work.lost:
            return
        work.lost = True
        spend = self._happened.installing if work.installing else self._happened.testing
        spend(device.worker, now_s - work.since_s)
        self._agenda.at(now_s + self._trace.detect_s, partial(self._detect, device))

    def find(self, device: Device) -> None:
        """Have a lost device back; what it had in hand is told to be lost before it comes."""
        device.up = True
        self._tell(self._agenda.now_s, "worker_back", device.worker.name, "", "")
        if device.work is None:
            self._come_back(device)

    def _detect(self, device: Device) -> None:
        """Let the host of a lost device say so: what ran on it is lost with it, what had not begun goes back."""
        work = device.at_work
        if not work.installing:
            work.note(_lost(work, work.left[0], self._agenda.now_s))
        self._end_lease(device)
        for leased in work.left:
            self._returned(leased.job_id)
        if device.up:
            self._come_back(device)

    def _come_back(self, device: Device) -> None:
        self._farm.register(device.agent, [device.worker])
        self._freed(device)

    def _unless_lost(self, t: float, device: Device, deed: Callable[[Device], None]) -> None:
        life = device.life
        self._agenda.at(t, lambda: deed(device) if device.life == life else None)


def _ended(work: Work, leased: LeasedJob, now_s: float, *, seconds: float) -> AttemptEnded:
    return AttemptEnded(
        seq=work.next_seq(),
        at=moment(now_s),
        job_id=leased.job_id,
        attempt=leased.attempt,
        verdict=Verdict.PASSED,
        fault=None,
        message=None,
        seconds=seconds,
        sessions=1,
        project_retries=None,
    )


def _lost(work: Work, leased: LeasedJob, now_s: float) -> AttemptEnded:
    """Say that an attempt went down with its whole host: devices of a trace are not lost by what they run."""
    return AttemptEnded(
        seq=work.next_seq(),
        at=moment(now_s),
        job_id=leased.job_id,
        attempt=leased.attempt,
        verdict=Verdict.INFRA_ERROR,
        fault=Fault.INFRASTRUCTURE,
        message="The simulated device was lost, as the trace says.",
        seconds=0,
        sessions=1,
        project_retries=None,
        loss=Loss.HOST,
    )
