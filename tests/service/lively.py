"""A farm with a bit of everything: jobs in every state and with every verdict, and all that they leave behind."""

from functools import partial

from qgjob.core.lease import InstallFailed, JobReturned, Lease
from qgjob.core.words import AgentId, CaseStatus, Fault, JobId, OrgId, Priority, Sha256, Target, Verdict, WorkerId
from qgjob.service import cancel, evidence, fleet, protocol1, submit, sweep
from tests.service.farm import (
    AGENT,
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

GLOBEX = OrgId("globex")
ENDED_BADLY = (
    ("b", Verdict.FAILED, Fault.TEST),
    ("c", Verdict.TIMED_OUT, Fault.TEST),
    ("d", Verdict.APP_ERROR, Fault.APP),
    ("e", Verdict.CONFIGURATION_ERROR, Fault.CONFIGURATION),
    ("f", Verdict.NO_TESTS, Fault.CONFIGURATION),
)
A_WHILE_S = 20


def enliven(farm: Farm) -> None:
    """Let all that can happen happen, in two orgs; time passes, and some of it is still under way in the end."""
    farm.stock("v1", "v2", "v3")
    farm.stock("v1", org=GLOBEX)
    first, second, third = farm.register("emulator-5554", "emulator-5556", "emulator-5558")
    old = farm.write(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={"rack": 3}))
    _end_in_every_way(farm, first)
    _lose_what_infrastructure_loses(farm, first)
    _report_too_late(farm, first)
    _work_for_another_org(farm, second)
    _work_by_protocol_1(farm, old)
    _cancel_what_waits(farm)
    _lose_a_device(farm)
    _leave_work_under_way(farm, first, second, third)
    _leave_work_waiting(farm)


def lease_for(farm: Farm, worker: WorkerId) -> Lease:
    """Claim work that is there, however long it must be waited for: jobs may rest, or be kept for others."""
    while not (leases := farm.claim(worker)):
        farm.clock.advance(A_WHILE_S)
    return leases[0]


def _end_in_every_way(farm: Farm, worker: WorkerId) -> None:
    (passed,) = farm.submit(a_request("tests/a.spec.js"))
    farm.run_through(lease_for(farm, worker))
    _leave_evidence(farm, passed, "video.mp4")
    for letter, verdict, fault in ENDED_BADLY:
        farm.submit(a_request(f"tests/{letter}.spec.js", max_retries=0))
        farm.run_through(lease_for(farm, worker), verdict, fault)
    farm.submit(a_request("tests/g.spec.js"))
    farm.run_through(lease_for(farm, worker), Verdict.FAILED, Fault.TEST)
    farm.run_through(lease_for(farm, worker))
    farm.write(partial(submit.retry, job_id=passed))
    farm.run_through(lease_for(farm, worker))


def _lose_what_infrastructure_loses(farm: Farm, worker: WorkerId) -> None:
    """One job loses its whole budget; one is neither installed nor begun at first, then given back, then done."""
    (lost,) = farm.submit(a_request("tests/h.spec.js"))
    while not farm.job(lost).status.is_final:
        farm.run_through(lease_for(farm, worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    (job_id,) = farm.submit(a_request("tests/i.spec.js", version="v2"))
    farm.report(lease_for(farm, worker).token, _install_failed(), lease_ended())
    farm.report(lease_for(farm, worker).token, installed(), _returned(job_id), lease_ended())
    farm.run_through(lease_for(farm, worker))


def _report_too_late(farm: Farm, worker: WorkerId) -> None:
    (job_id,) = farm.submit(a_request("tests/j.spec.js"))
    lease = lease_for(farm, worker)
    farm.report(lease.token, installed(), started(job_id))
    farm.clock.advance(76)
    farm.write(sweep.sweep)
    farm.report(lease.token, case_ended(job_id, 1, a_case()), ended(job_id))
    farm.run_through(lease_for(farm, worker))


def _work_for_another_org(farm: Farm, worker: WorkerId) -> None:
    job_ids = farm.submit(*(a_request(f"tests/{letter}.spec.js", org=GLOBEX) for letter in "abc"))
    while any(not farm.job(job_id).status.is_final for job_id in job_ids):
        farm.run_through(lease_for(farm, worker))
    _leave_evidence(farm, job_ids[0], "video.mp4")
    _leave_evidence(farm, job_ids[1], "log/appium.txt", sha256="e" * 64)


def _work_by_protocol_1(farm: Farm, worker: WorkerId) -> None:
    done = _next_of_protocol_1(farm, worker, "login.spec.js")
    change = partial(protocol1.change_job, job_id=done, worker_id=worker)
    farm.write(partial(change, status="running"))
    farm.write(partial(change, status="completed", result={"own": ["words", "of", "ours"]}))
    running = _next_of_protocol_1(farm, worker, "logout.spec.js")
    farm.write(partial(protocol1.change_job, job_id=running, worker_id=worker, status="running"))


def _next_of_protocol_1(farm: Farm, worker: WorkerId, path: str) -> JobId:
    farm.submit(a_request(path, bundle=None, version="nightly"))
    job = farm.write(partial(protocol1.heartbeat, worker_id=worker)).next_job
    assert job is not None
    return job.job_id


def _cancel_what_waits(farm: Farm) -> None:
    (job_id,) = farm.submit(a_request("tests/a.spec.js", version="v2"))
    farm.write(partial(cancel.cancel, job_id=job_id))


def _lose_a_device(farm: Farm) -> None:
    farm.register("emulator-5560", agent=AgentId("agent-2"))
    farm.register(agent=AgentId("agent-2"))


def _leave_work_under_way(farm: Farm, first: WorkerId, second: WorkerId, third: WorkerId) -> None:
    """One job whose stop was asked for, one running, one that rests, one leased."""
    (to_stop,) = farm.submit(a_request("tests/a.spec.js", priority=Priority.URGENT))
    lease = lease_for(farm, first)
    farm.report(lease.token, installed(reused=True), started(to_stop), case_ended(to_stop, 1, a_case()))
    farm.write(partial(cancel.cancel, job_id=to_stop))
    (running,) = farm.submit(a_request("tests/b.spec.js", version="v2"))
    farm.report(lease_for(farm, second).token, installed(seconds=7), started(running))
    farm.submit(a_request("tests/d.spec.js", version="v3"))
    _crash(farm, lease_for(farm, third))
    farm.submit(a_request("tests/e.spec.js", version="v3"))
    lease_for(farm, third)


def _crash(farm: Farm, lease: Lease) -> None:
    job = lease.jobs[0]
    farm.report(
        lease.token,
        installed(),
        started(job.job_id, job.attempt),
        case_ended(job.job_id, job.attempt, a_case("crashes", CaseStatus.INTERRUPTED)),
        ended(job.job_id, job.attempt, Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE),
        lease_ended(),
    )


def _leave_work_waiting(farm: Farm) -> None:
    farm.submit(*(a_request(f"tests/{letter}.spec.js", priority=Priority.LOW) for letter in "abcde"))
    farm.submit(a_request("tests/a.spec.js", org=GLOBEX, priority=Priority.HIGH))
    farm.submit(a_request("tests/a.spec.js", version="not-uploaded"))


def _leave_evidence(farm: Farm, job_id: JobId, name: str, *, sha256: str = "d" * 64) -> None:
    """Leave a file behind; those of two jobs may be the same bytes."""
    verb = partial(evidence.register, job_id=job_id, attempt=1, agent_id=AGENT, name=name, kind="file", size_bytes=9)
    farm.write(partial(verb, sha256=Sha256(sha256)))


def _install_failed() -> Step:
    return lambda seq, at: InstallFailed(
        seq=seq, at=at, seconds=3, message="no space left on the device", fault=Fault.INFRASTRUCTURE
    )


def _returned(job_id: JobId) -> Step:
    return lambda seq, at: JobReturned(seq=seq, at=at, job_id=job_id, reason="its host goes to sleep")
