"""A farm driven at random: whatever happens in whatever order, the promises hold.

Two orgs submit; agents claim, renew, report, report twice, in disorder or too late, fall silent, start again; verbs
crash at any statement, the server restarts, clocks step, people cancel and retry jobs and runs and take workers out of
work and mute cases, protocol-1 workers do as they like, and what has ended is let go of.
After every step the whole database is checked, and what has ended must stay as it is.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from qgjob.core.attempt import count_outcomes
from qgjob.core.errors import Conflict, NotFound
from qgjob.core.job import Job
from qgjob.core.lease import Lease, LeaseEvent
from qgjob.core.retry import INFRASTRUCTURE_BUDGET, MOST_TAKEN_DOWN
from qgjob.core.waiting import sentence
from qgjob.core.words import (
    CaseStatus,
    Fault,
    JobId,
    JobStatus,
    LeaseToken,
    Loss,
    OrgId,
    Priority,
    RunId,
    Target,
    Verdict,
    WorkerId,
    WorkerStatus,
)
from qgjob.core.worker import Worker
from qgjob.service import ask, cancel, claim, drain, fleet, limits, mutes, progress, protocol1, retention, submit, sweep
from qgjob.service.ask import JobFilter
from qgjob.service.ask.occupation import explain_worker
from qgjob.service.ask.why import job_with_prospect
from qgjob.service.attend import attend
from qgjob.service.check import broken
from qgjob.service.needs.standing import needs_met
from qgjob.store import Store, Transaction
from tests.databases import Databases
from tests.farm.crashing import Crashed, crashing
from tests.service.farm import (
    AGENT,
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

Verb = Callable[[Transaction], object]

EXAMPLES = int(os.environ.get("QGJOB_MACHINE_EXAMPLES", "0"))
"""How many histories; 0: as many as are bearable every time."""
ORGS = ("acme", "rival")
KEPT_FROM_WORK = frozenset({WorkerStatus.DRAINING, WorkerStatus.QUARANTINED})
SERIALS = ("emulator-5554", "emulator-5556")
OUTCOMES = st.sampled_from(
    [
        (Verdict.PASSED, None, None),
        (Verdict.FAILED, Fault.TEST, None),
        (Verdict.TIMED_OUT, Fault.TEST, None),
        (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, None),
        (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, Loss.DEVICE),
        (Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE, Loss.HOST),
        (Verdict.INFRA_ERROR, Fault.US, None),
        (Verdict.APP_ERROR, Fault.APP, None),
        (Verdict.NO_TESTS, Fault.CONFIGURATION, None),
        (Verdict.CANCELLED, None, None),
    ]
)


class FarmMachine(RuleBasedStateMachine):
    """One agent with two devices, one protocol-1 worker, three app versions of which one was never uploaded."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.things = ExitStack()
        self.database = self.things.enter_context(self.databases())
        self.farm = Farm.on(self.database)
        for org in ORGS:
            self.farm.stock("v1", "v2", org=org)
        self.devices = self.farm.register(*SERIALS)
        self.old: WorkerId = self.farm.decide(
            partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={})
        )
        self.leases: list[Lease] = []
        self.sent: list[tuple[LeaseToken, LeaseEvent]] = []
        self.finals: dict[JobId, Job] = {}
        self.runs: list[RunId] = []
        self.keyed: dict[str, list[RunId]] = {}
        self.newest_token = 0

    def teardown(self) -> None:
        self.farm.store.close()
        self.things.close()

    @rule(
        org=st.sampled_from(ORGS),
        paths=st.lists(st.sampled_from(SPECS), min_size=1, max_size=4),
        version=st.sampled_from(["v1", "v2", "v3"]),
        priority=st.sampled_from(Priority),
        retries=st.none() | st.integers(0, 1),
        budget=st.none() | st.integers(0, 2),
        limit_s=st.none() | st.just(60.0),
        pin=st.none() | st.sampled_from([*SERIALS, "tag:lab"]),
        only=st.booleans(),
    )
    def submit(
        self,
        *,
        org: str,
        paths: list[str],
        version: str,
        priority: Priority,
        retries: int | None,
        budget: int | None,
        limit_s: float | None,
        pin: str | None,
        only: bool,
    ) -> None:
        requests = [
            replace(
                a_request(
                    path,
                    org=org,
                    version=version,
                    priority=priority,
                    max_retries=retries,
                    timeout_s=limit_s,
                    queue_timeout_s=limit_s,
                ),
                pin=pin,
                only=only and pin is not None,
            )
            for path in paths
        ]
        submitted = self.farm.submit_run(*requests, retry_budget=budget)
        assert len(submitted.job_ids) == len(paths)
        self.runs.append(submitted.run_id)

    @rule(
        key=st.sampled_from(["main", "next"]),
        paths=st.lists(st.sampled_from(SPECS), min_size=1, max_size=4),
        version=st.sampled_from(["v1", "v2", "v3"]),
        retries=st.none() | st.integers(0, 1),
    )
    def submit_superseding(self, *, key: str, paths: list[str], version: str, retries: int | None) -> None:
        requests = [a_request(path, version=version, max_retries=retries) for path in paths]
        self.keyed.setdefault(key, []).append(self.farm.submit_run(*requests, supersede=key).run_id)
        self.runs.append(self.keyed[key][-1])

    @rule(
        paths=st.lists(st.sampled_from(SPECS), min_size=1, max_size=3),
        commit=st.sampled_from(["c0ffee", "decade"]),
        org=st.sampled_from(ORGS),
    )
    def submit_alone(self, *, paths: list[str], commit: str, org: str) -> None:
        """Together, or within two seconds of others: they are one run."""
        alone = self.farm.submit_alone(*(a_request(path, org=org, metadata={"commit": commit}) for path in paths))
        (run_id,) = {each.run_id for each in alone}
        run = self.farm.run(run_id)
        assert run.org_id == org
        assert {job_id for each in alone for job_id in each.job_ids} <= set(run.job_ids)
        self.runs = [*(each for each in self.runs if each != run_id), run_id]

    @rule(both=st.booleans())
    def claim(self, both: bool) -> None:
        kept = {worker.worker_id for worker in self.farm.workers() if worker.status in KEPT_FROM_WORK}
        for lease in self.farm.claim(*self.devices[: 2 if both else 1]):
            known = [each.token for each in self.leases]
            assert lease.token > self.newest_token or lease.token in known
            assert {self.farm.job(job.job_id).request.org_id for job in lease.jobs} <= {lease.org_id}
            if lease.token not in known:
                assert lease.worker_id not in kept
                self.leases.append(lease)
            self.newest_token = max(self.newest_token, lease.token)

    @rule()
    def every_device_asks(self) -> None:
        """None that is idle afterwards could serve a group that nobody serves."""
        self.claim(both=True)
        self.claim(both=True)  # what the first of them left to the second, which then took something else
        for worker in self.farm.workers():
            if worker.agent_id is not None and worker.status is WorkerStatus.IDLE:
                assert self.farm.read(partial(unserved, worker=worker)) == []

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), outcome=OUTCOMES, project_retries=st.none() | st.integers(0, 1))
    def report_a_job(
        self, data: st.DataObject, outcome: tuple[Verdict, Fault | None, Loss | None], project_retries: int | None
    ) -> None:
        """Also of leases that are over, and of attempts that have ended: then it comes too late."""
        lease = data.draw(st.sampled_from(self.leases))
        job = data.draw(st.sampled_from(lease.jobs))
        verdict, fault, loss = outcome
        status = data.draw(st.sampled_from(CaseStatus))
        steps = [
            installed(),
            started(job.job_id, job.attempt),
            case_ended(job.job_id, job.attempt, a_case(job.test_path, status)),
            ended(job.job_id, job.attempt, verdict, fault, project_retries=project_retries, loss=loss),
        ]
        some = steps[: data.draw(st.integers(1, len(steps)))]
        if data.draw(st.booleans()):
            self._send(lease, *some)
        else:
            for step in some:
                self._send(lease, step)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), passes=st.booleans())
    def report_a_whole_lease(self, data: st.DataObject, passes: bool) -> None:
        """All jobs in one message, its events in any order."""
        lease = data.draw(st.sampled_from(self.leases))
        verdict, fault = (Verdict.PASSED, None) if passes else (Verdict.FAILED, Fault.TEST)
        status = CaseStatus.PASSED if passes else CaseStatus.FAILED
        steps = [installed()]
        for job in lease.jobs:
            steps += [
                started(job.job_id, job.attempt),
                case_ended(job.job_id, job.attempt, a_case(job.test_path, status)),
                ended(job.job_id, job.attempt, verdict, fault),
            ]
        self._send(lease, *steps, lease_ended(), shuffled_by=data)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def end_a_lease(self, data: st.DataObject) -> None:
        self._send(data.draw(st.sampled_from(self.leases)), lease_ended())

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def old_reports_come_again(self, data: st.DataObject) -> None:
        """Some that were on their way for long, in disorder."""
        before = self.farm.read(ask.stats)
        for token, event in data.draw(st.lists(st.sampled_from(self.sent), min_size=1, max_size=4)):
            self.farm.report_as_is(token, event)
        after = self.farm.read(ask.stats)
        assert (after.jobs, after.ledger) == (before.jobs, before.ledger)

    @rule(seconds=st.sampled_from([1, 6, 30, 76, 301]))
    def time_passes_and_the_sweep_comes(self, seconds: int) -> None:
        self.farm.clock.advance(seconds)
        self.farm.write(sweep.sweep)
        self.farm.write(limits.keep_limits)

    @rule(seconds=st.sampled_from([-3600, -20, 3600]))
    def the_clock_steps(self, seconds: int) -> None:
        self.farm.clock.advance(seconds)

    @rule(seconds=st.sampled_from([1, 10, 70]))
    def agents_renew(self, seconds: int) -> None:
        self.farm.clock.advance(seconds)
        self.farm.renew(*(lease.token for lease in self.leases))

    @rule(data=st.data())
    def the_agent_starts_again(self, data: st.DataObject) -> None:
        tokens = [lease.token for lease in self.leases]
        holding = data.draw(st.lists(st.sampled_from(tokens), unique=True)) if tokens else []
        assert self.farm.register(*SERIALS, holding=holding) == self.devices

    @rule()
    def the_server_restarts(self) -> None:
        self.farm.store.close()
        self.farm.store = Store.open(self.database, clock=self.farm.clock)
        self.farm.write(attend)

    @rule(data=st.data(), after=st.integers(0, 25))
    def a_verb_crashes(self, data: st.DataObject, after: int) -> None:
        """It does everything or nothing, and its answer is lost either way."""
        jobs, tokens = self._jobs(), [lease.token for lease in self.leases]
        verbs: list[Verb] = [
            partial(submit.submit, requests=[a_request(path) for path in SPECS[:3]]),
            partial(submit.submit, requests=[a_request(path) for path in SPECS[:3]], supersede="crashing"),
            sweep.sweep,
            partial(progress.renew, agent_id=AGENT, worker_ids=self.devices, tokens=tokens),
            *(partial(cancel.cancel, job_id=job.job_id) for job in jobs[-1:]),
            *(partial(self._whole_report, lease=lease) for lease in self.leases[-1:]),
        ]
        with suppress(Crashed, Conflict):
            self.farm.write(crashing(data.draw(st.sampled_from(verbs)), after=after))

    @rule(after=st.integers(0, 25))
    def a_claim_crashes(self, after: int) -> None:
        """Or its answer gets lost: the devices are given the same leases when they ask again."""
        with suppress(Crashed):
            self.farm.decide(crashing(partial(claim.claim, agent_id=AGENT, worker_ids=self.devices), after=after))

    @precondition(lambda self: self._jobs())
    @rule(data=st.data())
    def cancel_a_job(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self._jobs()))
        with suppress(Conflict):
            self.farm.write(partial(cancel.cancel, job_id=job.job_id))

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def cancel_a_run(self, data: st.DataObject) -> None:
        run_id = data.draw(st.sampled_from(self.runs))
        run = self.farm.write(partial(cancel.cancel_run, run_id=run_id))
        assert not run.statuses.keys() & {JobStatus.PENDING, JobStatus.QUEUED}

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), only_failed=st.booleans())
    def retry_a_run(self, data: st.DataObject, only_failed: bool) -> None:
        run_id = data.draw(st.sampled_from(self.runs))
        with suppress(Conflict):
            again = self.farm.write(partial(submit.retry_run, run_id=run_id, only_failed=only_failed))
            self.runs.append(again.run_id)

    @rule(data=st.data(), deed=st.sampled_from([drain.drain, drain.resume]))
    def a_person_takes_a_worker_out_of_work_or_back(self, data: st.DataObject, deed: Callable[..., Worker]) -> None:
        worker_id = data.draw(st.sampled_from([*self.devices, self.old]))
        assert self.farm.decide(partial(deed, worker_id=worker_id)).draining is (deed is drain.drain)

    @precondition(lambda self: self.finals)
    @rule(data=st.data())
    def retry_a_job(self, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.finals)))
        (again,) = self.farm.write(partial(submit.retry, job_id=job_id)).job_ids
        assert self.farm.job(again).request.retry_of == job_id

    @rule(statuses=st.sampled_from([(), ("running",), ("completed",), ("running", "failed"), ("pending",)]))
    def the_protocol_1_worker_works(self, statuses: tuple[str, ...]) -> None:
        job = self.farm.decide(partial(protocol1.heartbeat, worker_id=self.old)).next_job
        if job is None:
            return
        for status in statuses:
            self.farm.write(partial(protocol1.change_job, job_id=job.job_id, status=status, worker_id=self.old))

    @rule(org=st.sampled_from(ORGS), path=st.sampled_from(SPECS[:4]), minutes=st.integers(0, 90))
    def a_person_mutes_a_case_or_thinks_better_of_it(self, *, org: str, path: str, minutes: int) -> None:
        """A case is called as its spec here. For no time at all: it is unmuted."""
        whose = OrgId(org)
        if minutes:
            until_at = self.farm.clock() + timedelta(days=3, minutes=minutes)  # the clock may have stepped back
            self.farm.decide(
                partial(mutes.mute, org_id=whose, case_id=path, owner="ada", until_at=until_at, reason=None)
            )
            return
        with suppress(NotFound):
            self.farm.decide(partial(mutes.unmute, org_id=whose, case_id=path))

    @precondition(lambda self: self.finals)
    @rule(seconds=st.sampled_from([1, -60]))
    def what_has_ended_is_let_go(self, seconds: int) -> None:
        """All of it, or what has ended a while ago; nothing that has not. Nobody speaks any more of what is gone."""
        before, until = self._jobs(), timedelta(seconds=seconds)
        self.farm.write(lambda tx: retention.forget_jobs(tx, before=tx.now + until, after=0))
        left = {job.job_id for job in self._jobs()}
        gone = [job for job in before if job.job_id not in left]
        assert all(job.status.is_final for job in gone)
        for job in gone:
            self.finals.pop(job.job_id, None)
            self.runs = [run_id for run_id in self.runs if run_id != job.run_id]
            for key, runs in self.keyed.items():
                self.keyed[key] = [run_id for run_id in runs if run_id != job.run_id]
        self.leases = [lease for lease in self.leases if {job.job_id for job in lease.jobs} <= left]
        known = {lease.token for lease in self.leases}
        self.sent = [(token, event) for token, event in self.sent if token in known]

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

    @invariant()
    def the_cases_of_a_run_add_up_to_its_counts(self) -> None:
        for run_id in self.runs:
            page = self.farm.read(partial(ask.cases_of_run, run_id=run_id, limit=2))
            outcomes = [each.outcome for each in page.items]
            while page.next_cursor is not None:
                page = self.farm.read(partial(ask.cases_of_run, run_id=run_id, limit=2, cursor=page.next_cursor))
                outcomes += [each.outcome for each in page.items]
            assert count_outcomes(outcomes) == self.farm.run(run_id).cases

    @invariant()
    def infrastructure_is_never_a_failed_test(self) -> None:
        for job in self._jobs():
            assert job.retry_count <= job.max_retries
            assert job.infra_count <= INFRASTRUCTURE_BUDGET
            attempts = [each.attempt for each in self.farm.read(partial(ask.attempts, job_id=job.job_id))]
            assert job.retry_count <= sum(attempt.fault is Fault.TEST for attempt in attempts)
            if job.verdict in {Verdict.FAILED, Verdict.TIMED_OUT}:
                assert attempts[-1].fault is Fault.TEST

    @invariant()
    def no_run_has_more_retries_than_its_budget(self) -> None:
        for run_id in self.runs:
            run = self.farm.read(partial(ask.run, run_id=run_id))
            jobs = [self.farm.job(job_id) for job_id in run.job_ids]
            assert run.retries == sum(job.retry_count for job in jobs)
            assert run.retry_budget is None or run.retries <= run.retry_budget

    @invariant()
    def of_the_runs_of_a_key_only_the_newest_waits(self) -> None:
        for runs in self.keyed.values():
            for run_id in runs[:-1]:
                assert JobStatus.PENDING not in self.farm.run(run_id).statuses

    @invariant()
    def a_list_of_runs_says_what_each_of_them_says(self) -> None:
        for listed in self.farm.read(partial(ask.runs, org_id=None, limit=500)).items:
            run = self.farm.run(listed.run_id)
            assert (listed.status, listed.jobs) == (run.status, len(run.job_ids))

    @invariant()
    def a_job_that_took_down_two_workers_gets_no_third(self) -> None:
        for job in self._jobs():
            attempts = [each.attempt for each in self.farm.read(partial(ask.attempts, job_id=job.job_id))]
            down = [attempt.worker_id for attempt in attempts if attempt.loss not in {None, Loss.HOST}]
            assert len(set(down)) <= MOST_TAKEN_DOWN
            assert len(set(down)) < MOST_TAKEN_DOWN or job.status.is_final

    @invariant()
    def every_job_says_what_is_ahead_of_it_and_every_worker_what_it_does(self) -> None:
        """Exactly what waits has a reason, exactly what is not final has times, and none of them is in the past."""
        for job in self._jobs():
            _, prospect = self.farm.read(partial(job_with_prospect, job_id=job.job_id))
            assert (prospect.waiting is not None) == (job.status is JobStatus.PENDING)
            assert (prospect.eta is None) == job.status.is_final
            if prospect.waiting is not None and prospect.eta is not None:
                assert sentence(prospect.waiting, prospect.at)
                assert all(at is None or at >= prospect.at for at in vars(prospect.eta).values())
        for worker in self.farm.workers():
            assert self.farm.read(partial(explain_worker, worker_id=worker.worker_id)).worker == replace(
                worker, current_jobs=()
            )

    @invariant()
    def an_org_sees_its_own_alone(self) -> None:
        for org in ORGS:
            page = self.farm.read(partial(ask.jobs, filters=JobFilter(org_id=a_request(org=org).org_id), limit=500))
            assert {job.request.org_id for job in page.items} <= {org}

    def _send(self, lease: Lease, *steps: Step, shuffled_by: st.DataObject | None = None) -> None:
        seq = self.farm.seqs.get(lease.token, 0)
        events = [step(seq + place, self.farm.clock()) for place, step in enumerate(steps, start=1)]
        self.farm.seqs[lease.token] = seq + len(events)
        self.sent += [(lease.token, event) for event in events]
        self.farm.report_as_is(lease.token, *(shuffled_by.draw(st.permutations(events)) if shuffled_by else events))

    def _whole_report(self, tx: Transaction, *, lease: Lease) -> None:
        """Report on a lease as if all had passed, under numbers that were not used before."""
        steps = [started(job.job_id, job.attempt) for job in lease.jobs]
        steps += [ended(job.job_id, job.attempt) for job in lease.jobs]
        seq = self.farm.seqs.get(lease.token, 0)
        events = [step(seq + place, self.farm.clock()) for place, step in enumerate([*steps, lease_ended()], start=1)]
        self.farm.seqs[lease.token] = seq + len(events)
        progress.report(tx, agent_id=AGENT, token=lease.token, events=events)

    def _jobs(self) -> list[Job]:
        return list(self.farm.read(partial(ask.jobs, filters=JobFilter(), limit=500)).items)


def unserved(tx: Transaction, *, worker: Worker) -> list[str]:
    """Groups that wait, that nobody serves, and that this worker meets."""
    return [
        row["group_id"]
        for needs in needs_met(tx, worker.worker_id)
        for row in tx.rows("unserved_groups", needs=needs, limit=100)
    ]


@pytest.mark.exam
def test_the_promises_hold_whatever_happens(databases: Databases) -> None:
    machine = type("FarmMachineHere", (FarmMachine,), {"databases": staticmethod(databases)})
    with databases() as database:
        bearable = 30 if isinstance(database, Path) else 8
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES or bearable,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
