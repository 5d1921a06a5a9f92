"""Jobs whose cases come out as a test wants them to."""

from collections.abc import Sequence

from qgjob.core.attempt import CaseResult
from qgjob.core.job import Job
from qgjob.core.words import CaseStatus, Fault, Verdict, WorkerId
from tests.service.farm import Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started
from tests.service.lively import lease_for

PASSED, FAILED = CaseStatus.PASSED, CaseStatus.FAILED


def flaky(name: str = "pays") -> list[CaseResult]:
    """Fail, then pass."""
    return [a_case(name, FAILED), a_case(name)]


def run_job(farm: Farm, worker: WorkerId, *attempts: Sequence[CaseResult], version: str = "v1") -> Job:
    """Run a job whose attempts execute these cases: the last one decides what it comes to."""
    (job_id,) = farm.submit(a_request(version=version, max_retries=len(attempts) - 1))
    for number, cases in enumerate(attempts, start=1):
        lease = lease_for(farm, worker)
        ok = all(each.ok for each in cases)
        verdict = (Verdict.FLAKY if number > 1 else Verdict.PASSED) if ok else Verdict.FAILED
        farm.report(
            lease.token,
            installed(),
            started(job_id, number),
            *(case_ended(job_id, number, each) for each in cases),
            ended(job_id, number, verdict, None if ok else Fault.TEST),
            lease_ended(),
        )
        farm.clock.advance(60)
    return farm.job(job_id)
