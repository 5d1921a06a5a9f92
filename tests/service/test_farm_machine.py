"""A farm driven at random: whatever happens in whatever order, the promises hold.

Submits, claims, reports, reports sent twice or too late, silence, restarts, cancels and protocol-1 workers, over a real
database file. After every step a check must find every sum, counter and place right.
"""

from contextlib import ExitStack, suppress
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from qgjob.core.errors import Conflict
from qgjob.core.job import Job
from qgjob.core.lease import Lease, LeaseEvent
from qgjob.core.words import CaseStatus, Fault, JobId, LeaseToken, Priority, Target, Verdict, WorkerId
from qgjob.service import ask, cancel, fleet, protocol1, submit, sweep
from qgjob.service.ask import JobFilter
from qgjob.service.check import broken
from tests.databases import Databases
from tests.service.farm import (
    SPECS,
    Farm,
    Step,
    a_case,
    a_request,
    case_ended,
    ended,
    installed,
    lease_ended,
    started,
)

SERIALS = ("emulator-5554", "emulator-5556")
OUTCOMES = st.sampled_from(
    [
        (Verdict.PASSED, None),
        (Verdict.FAILED, Fault.TEST),
        (Verdict.TIMED_OUT, Fault.TEST),
        (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        (Verdict.APP_ERROR, Fault.APP),
        (Verdict.NO_TESTS, Fault.CONFIGURATION),
        (Verdict.CANCELLED, None),
    ]
)


class FarmMachine(RuleBasedStateMachine):
    """One agent with two devices, one protocol-1 worker, three app versions of which one was never uploaded."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.things = ExitStack()
        self.farm = Farm.on(self.things.enter_context(self.databases()))
        self.things.callback(self.farm.store.close)
        self.farm.stock("v1", "v2")
        self.devices = self.farm.register(*SERIALS)
        self.old: WorkerId = self.farm.decide(
            partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={})
        )
        self.leases: list[Lease] = []
        self.sent: list[tuple[LeaseToken, LeaseEvent]] = []
        self.finals: dict[JobId, Job] = {}
        self.newest_token = 0

    def teardown(self) -> None:
        self.things.close()

    @rule(
        paths=st.lists(st.sampled_from(SPECS), min_size=1, max_size=4),
        version=st.sampled_from(["v1", "v2", "v3"]),
        priority=st.sampled_from(Priority),
        retries=st.none() | st.integers(0, 1),
    )
    def submit(self, paths: list[str], version: str, priority: Priority, retries: int | None) -> None:
        requests = [a_request(path, version=version, priority=priority, max_retries=retries) for path in paths]
        assert len(self.farm.submit(*requests)) == len(paths)

    @rule(both=st.booleans())
    def claim(self, both: bool) -> None:
        for lease in self.farm.claim(*self.devices[: 2 if both else 1]):
            known = [each.token for each in self.leases]
            assert lease.token > self.newest_token or lease.token in known
            if lease.token not in known:
                self.leases.append(lease)
            self.newest_token = max(self.newest_token, lease.token)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), outcome=OUTCOMES, project_retries=st.none() | st.integers(0, 1))
    def report_a_job(
        self, data: st.DataObject, outcome: tuple[Verdict, Fault | None], project_retries: int | None
    ) -> None:
        """Also of leases that are over, and of attempts that have ended: then it comes too late."""
        lease = data.draw(st.sampled_from(self.leases))
        job = data.draw(st.sampled_from(lease.jobs))
        verdict, fault = outcome
        status = data.draw(st.sampled_from(CaseStatus))
        steps = [
            installed(),
            started(job.job_id, job.attempt),
            case_ended(job.job_id, job.attempt, a_case(job.test_path, status)),
            ended(job.job_id, job.attempt, verdict, fault, project_retries=project_retries),
        ]
        for step in steps[: data.draw(st.integers(1, len(steps)))]:
            self._send(lease, step)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def end_a_lease(self, data: st.DataObject) -> None:
        self._send(data.draw(st.sampled_from(self.leases)), lease_ended())

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_a_report_again(self, data: st.DataObject) -> None:
        before = self.farm.read(ask.stats)
        token, event = data.draw(st.sampled_from(self.sent))
        self.farm.report_as_is(token, event)
        after = self.farm.read(ask.stats)
        assert (after.jobs, after.ledger) == (before.jobs, before.ledger)

    @rule(seconds=st.sampled_from([1, 6, 30, 76, 301]))
    def time_passes_and_the_sweep_comes(self, seconds: int) -> None:
        self.farm.clock.advance(seconds)
        self.farm.write(sweep.sweep)

    @rule(seconds=st.sampled_from([1, 10, 70]))
    def agents_renew(self, seconds: int) -> None:
        self.farm.clock.advance(seconds)
        self.farm.renew(*(lease.token for lease in self.leases))

    @rule(data=st.data())
    def the_agent_starts_again(self, data: st.DataObject) -> None:
        tokens = [lease.token for lease in self.leases]
        holding = data.draw(st.lists(st.sampled_from(tokens), unique=True)) if tokens else []
        assert self.farm.register(*SERIALS, holding=holding) == self.devices

    @precondition(lambda self: self._jobs())
    @rule(data=st.data())
    def cancel_a_job(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self._jobs()))
        with suppress(Conflict):
            self.farm.write(partial(cancel.cancel, job_id=job.job_id))

    @precondition(lambda self: self.finals)
    @rule(data=st.data())
    def retry_a_job(self, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.finals)))
        (again,) = self.farm.write(partial(submit.retry, job_id=job_id)).job_ids
        assert self.farm.job(again).request.retry_of == job_id

    @rule(statuses=st.sampled_from([(), ("running",), ("completed",), ("running", "failed"), ("pending",)]))
    def the_protocol_1_worker_works(self, statuses: tuple[str, ...]) -> None:
        job = self.farm.decide(partial(protocol1.heartbeat, worker_id=self.old))
        if job is None:
            return
        for status in statuses:
            self.farm.write(partial(protocol1.change_job, job_id=job.job_id, status=status, worker_id=self.old))

    @rule()
    def the_missing_app_is_uploaded(self) -> None:
        self.farm.stock("v3")

    @invariant()
    def every_sum_counter_and_place_is_right(self) -> None:
        assert self.farm.read(broken) == ()

    @invariant()
    def a_final_state_never_changes(self) -> None:
        for job in self._jobs():
            if job.job_id in self.finals:
                assert job == self.finals[job.job_id]
            elif job.status.is_final:
                assert job.verdict is not None
                self.finals[job.job_id] = job

    @invariant()
    def the_counts_of_cases_add_up(self) -> None:
        for job in self.finals.values():
            assert isinstance(job.result, dict)
            cases = dict(job.result["cases"])
            assert cases.pop("total") == sum(cases.values())

    def _send(self, lease: Lease, step: Step) -> None:
        seq = self.farm.seqs.get(lease.token, 0) + 1
        event = step(seq, self.farm.clock())
        self.farm.report(lease.token, step)
        self.sent.append((lease.token, event))

    def _jobs(self) -> list[Job]:
        return list(self.farm.read(partial(ask.jobs, filters=JobFilter(), limit=500)).items)


def test_the_promises_hold_whatever_happens(databases: Databases) -> None:
    machine = type("FarmMachineHere", (FarmMachine,), {"databases": staticmethod(databases)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
