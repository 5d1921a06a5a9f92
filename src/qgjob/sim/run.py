"""The simulation: one thing after another in virtual time, and after each of them whoever is free asks for work."""

from collections.abc import Sequence
from functools import partial

from qgjob.core.policy import Rule
from qgjob.core.words import AgentId, JobId
from qgjob.sim.agenda import Agenda
from qgjob.sim.baselines import Policy
from qgjob.sim.device import Device
from qgjob.sim.farm import SimulatedFarm
from qgjob.sim.hands import Hands
from qgjob.sim.happened import Happened, Tell, tell_nobody
from qgjob.sim.trace import Trace, TraceJob, TraceWorker
from qgjob.sim.waiting import WaitingRoom

RENEW_EVERY_S = 30.0
"""How often agents say that they are there: a worker that listens does so with each of its long-polls."""
SWEEP_EVERY_S = 5.0
"""How often a server looks for what only time changes."""


def simulate(trace: Trace, policy: Policy, *, tell: Tell = tell_nobody) -> Happened:
    """Run a trace to the end of its last job."""
    agenda = Agenda()
    farm = SimulatedFarm(trace, policy, now_s=lambda: agenda.now_s)
    try:
        return _Simulation(trace, policy, farm, agenda, tell).run()
    finally:
        farm.close()


class _Simulation:
    """Users, servers and whoever asks; `Hands` are the devices."""

    def __init__(self, trace: Trace, policy: Policy, farm: SimulatedFarm, agenda: Agenda, tell: Tell) -> None:
        self._trace, self._policy, self._farm, self._agenda = trace, policy, farm, agenda
        self._happened = Happened(trace=trace)
        self._room = WaitingRoom(trace)
        self._jobs: dict[JobId, TraceJob] = {}
        self._resting: dict[JobId, TraceJob] = {}
        self._next_tick_s = -1.0
        self._hands = Hands(
            farm, agenda, self._happened, self._jobs, tell=tell, freed=self._freed, returned=self._returned
        )
        self._devices = self._register()
        self._schedule()

    def run(self) -> Happened:
        """Go from one moment to the next until every job has its result."""
        while len(self._happened.ended) < len(self._trace.jobs):
            self._agenda.do_next()
            self._ask_idle()
        return self._happened

    def _register(self) -> list[Device]:
        """Give the devices that are lost at times an agent each, since they go alone, and the others one by class."""
        agents: dict[AgentId, list[TraceWorker]] = {}
        for worker in self._trace.workers:
            host = worker.name if worker.down else worker.worker_class
            agents.setdefault(AgentId(f"simulated {host}"), []).append(worker)
        devices = []
        for agent, workers in agents.items():
            ids = self._farm.register(agent, workers)
            devices += [Device(worker=each, agent=agent, worker_id=ids[each.name]) for each in workers]
        return devices

    def _schedule(self) -> None:
        for jobs in self._trace.runs.values():
            self._agenda.at(max(job.submit_s for job in jobs), partial(self._submit, jobs))
        for device in self._devices:
            self._room.enter(device)
            for since_s, until_s in device.worker.down:
                self._agenda.at(since_s, partial(self._lose, device))
                self._agenda.at(until_s, partial(self._hands.find, device))
        self._agenda.at(RENEW_EVERY_S, self._renew)
        self._agenda.at(SWEEP_EVERY_S, self._sweep)

    def _submit(self, jobs: Sequence[TraceJob]) -> None:
        for job_id, job in zip(self._farm.submit(jobs), jobs, strict=True):
            self._jobs[job_id] = job
            self._room.job_waits(job)

    def _ask_idle(self) -> None:
        """Let idle devices ask; where work begins at ticks only, see that there is one while something waits."""
        tick_s, now_s = self._policy.tick_s, self._agenda.now_s
        if not tick_s or now_s % tick_s == 0:
            for device in self._room.asking():
                self._ask(device, self._policy.rule)
        elif self._next_tick_s < now_s and self._room.somebody_could_ask:
            self._next_tick_s = (now_s // tick_s + 1) * tick_s
            self._agenda.at(self._next_tick_s, _let_pass)

    def _ask(self, device: Device, rule: Rule) -> None:
        lease = self._farm.ask(device.agent, device.worker_id, rule)
        if lease is None:
            return
        self._room.leave(device)
        for leased in lease.jobs:
            self._resting.pop(leased.job_id, None)
            self._room.job_leaves(self._jobs[leased.job_id])
        self._hands.take(device, lease)

    def _freed(self, device: Device) -> None:
        """Let a device that has become free ask before all others."""
        self._room.enter(device)
        self._ask(device, self._policy.between or self._policy.rule)

    def _lose(self, device: Device) -> None:
        self._room.leave(device)
        self._hands.lose(device)

    def _returned(self, job_id: JobId) -> None:
        """Let a lost job wait again, unless the farm has tried it often enough."""
        job = self._jobs[job_id]
        if self._farm.has_given_up(job_id):
            self._happened.gave_up.add(job.job)
            self._happened.ended[job.job] = self._agenda.now_s
        else:
            self._room.job_waits(job)
            self._resting[job_id] = job

    def _renew(self) -> None:
        """Let every agent that lives say so."""
        by_agent: dict[AgentId, list[Device]] = {}
        for device in self._devices:
            if device.up:
                by_agent.setdefault(device.agent, []).append(device)
        for agent, devices in by_agent.items():
            tokens = [device.work.lease.token for device in devices if device.work is not None]
            self._farm.renew(agent, [device.worker_id for device in devices], tokens)
        self._agenda.at(self._agenda.now_s + RENEW_EVERY_S, self._renew)

    def _sweep(self) -> None:
        """Let the farm look for what only time changes; lost jobs may have rested enough."""
        self._farm.sweep()
        for job in self._resting.values():
            self._room.job_is_fresh(job)
        self._agenda.at(self._agenda.now_s + SWEEP_EVERY_S, self._sweep)


def _let_pass() -> None:
    """Let time pass."""
