"""Jobs are accepted: all of a run or none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from qgjob.core.errors import Conflict, InvalidRequest, NotFound
from qgjob.core.facts import FactKind
from qgjob.core.words import Fault, JobId, JobStatus, OrgId, Platform, RunId, Sha256, Target, Verdict
from qgjob.service import ask, cancel, fleet, submit
from qgjob.service.submit import Submitted
from tests.service.farm import SPECS, Farm, a_request


def test_a_submitted_job_waits_and_is_as_it_was_asked_for(farm: Farm) -> None:
    farm.stock("v1")
    request = a_request()
    (job_id,) = farm.submit(request)
    job = farm.job(job_id)

    assert (job.status, job.verdict, job.worker_id, job.attempt) == (JobStatus.PENDING, None, None, 0)
    assert job.request == request
    assert job.created_at == job.updated_at == farm.clock.now
    assert job.max_retries == 2


def test_the_jobs_of_a_run_stay_together_and_in_order(farm: Farm) -> None:
    farm.stock("v1")
    submitted = farm.write(lambda tx: submit.submit(tx, requests=[a_request(path) for path in SPECS]))
    run = farm.read(lambda tx: ask.run(tx, run_id=submitted.run_id))

    assert run.job_ids == submitted.job_ids
    assert [farm.job(job_id).request.test_path for job_id in run.job_ids] == list(SPECS)
    assert (run.status, run.statuses) == (JobStatus.PENDING, {JobStatus.PENDING: 10})


def test_jobs_of_one_org_version_and_requirement_share_a_group(farm: Farm) -> None:
    farm.stock("v1", "v2")
    first, second, third = farm.submit(a_request(SPECS[0]), a_request(SPECS[1]), a_request(version="v2"))

    assert farm.job(first).group_id == farm.job(second).group_id != farm.job(third).group_id
    assert len(farm.read(lambda tx: ask.groups(tx, org_id=None, limit=10)).items) == 2


def test_one_bad_job_refuses_the_whole_run_and_is_named(farm: Farm) -> None:
    farm.stock("v1")
    with pytest.raises(InvalidRequest) as refusal:
        farm.submit(a_request(), a_request("tests/none.spec.js"), a_request(bundle=Sha256("c" * 64)))

    assert [(problem.item, problem.field) for problem in refusal.value.problems] == [(1, "test_path"), (2, "bundle")]
    assert farm.read(ask.stats).jobs[JobStatus.PENDING] == 0


def test_a_run_is_of_one_org(farm: Farm) -> None:
    farm.stock("v1")
    with pytest.raises(InvalidRequest, match="one org"):
        farm.submit(a_request(), a_request(org="other"))


def test_a_bundle_of_another_org_is_as_good_as_none(farm: Farm) -> None:
    farm.stock("v1", org="other")
    with pytest.raises(InvalidRequest, match="no bundle"):
        farm.submit(a_request())


def test_metadata_beyond_its_bound_is_refused_before_it_is_kept_with_every_job(farm: Farm) -> None:
    farm.stock("v1")
    huge = {"log": "x" * 16_384}
    with pytest.raises(InvalidRequest, match="metadata: has 16395 characters as JSON, more than 16384") as refused:
        farm.submit(a_request(), *(replace(a_request(path), metadata=huge) for path in SPECS[1:3]))

    assert [(problem.field, problem.item) for problem in refused.value.problems] == [("metadata", 1), ("metadata", 2)]
    with pytest.raises(InvalidRequest, match="metadata: has 16395 characters"):
        farm.decide(lambda tx: fleet.register_worker(tx, name="W", targets=[Target.DEVICE], metadata=huge))


def test_no_job_at_all_is_refused(farm: Farm) -> None:
    with pytest.raises(InvalidRequest, match="no job"):
        farm.submit()


def test_a_path_that_leads_out_of_the_project_is_refused_whoever_runs_it(farm: Farm) -> None:
    with pytest.raises(InvalidRequest, match="leads out of the project"):
        farm.submit(a_request("../x.spec.js", bundle=None))


def test_a_whole_path_is_for_the_worker_to_judge_where_there_is_no_bundle(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request("/ci/tests/a.spec.js", bundle=None))

    assert farm.job(job_id).request.test_path == "/ci/tests/a.spec.js"
    with pytest.raises(InvalidRequest, match="leads out of the project"):
        farm.submit(a_request("/ci/tests/a.spec.js"))


def test_a_path_in_a_bundle_is_kept_in_its_shortest_form(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request("./tests//a.spec.js"))

    assert farm.job(job_id).request.test_path == "tests/a.spec.js"


def test_a_platform_makes_a_group_of_its_own(farm: Farm) -> None:
    farm.stock("v1")
    any_platform, android = farm.submit(a_request(), a_request(platform=Platform.ANDROID))

    assert farm.job(any_platform).group_id != farm.job(android).group_id


def test_submitting_is_a_fact(farm: Farm) -> None:
    farm.stock("v1")
    submitted = farm.write(lambda tx: submit.submit(tx, requests=[a_request()]))
    (fact,) = farm.read(lambda tx: ask.facts(tx, after=0, limit=10, run_id=submitted.run_id))

    assert (fact.fact.kind, fact.fact.data, fact.at) == (FactKind.RUN_SUBMITTED, {"jobs": 1}, farm.clock.now)


def test_a_finished_job_is_submitted_again_as_a_new_one(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    farm.write(lambda tx: cancel.cancel(tx, job_id=job_id))
    farm.clock.advance(1)
    (again,) = farm.write(lambda tx: submit.retry(tx, job_id=job_id)).job_ids

    assert farm.job(again).request.retry_of == job_id
    assert farm.job(again).created_at - farm.job(job_id).created_at == timedelta(seconds=1)
    assert farm.job(job_id).verdict is Verdict.CANCELLED


def test_a_job_that_has_not_ended_is_not_submitted_again(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    with pytest.raises(Conflict, match="only a finished job"):
        farm.write(lambda tx: submit.retry(tx, job_id=job_id))
    with pytest.raises(NotFound, match="Job not found"):
        farm.write(lambda tx: submit.retry(tx, job_id=JobId("none")))


def test_orgs_are_counted_apart_and_together(farm: Farm) -> None:
    farm.stock("v1")
    farm.stock("v1", org="other")
    farm.submit(a_request())
    farm.submit(a_request(org="other"))

    assert farm.read(ask.stats).jobs[JobStatus.PENDING] == 2
    assert len(farm.read(lambda tx: ask.groups(tx, org_id=OrgId("other"), limit=10)).items) == 1


def failed_and_passed(farm: Farm) -> Submitted:
    """A run of two jobs, of which the first failed and the second passed."""
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    submitted = farm.submit_run(*(a_request(path, max_retries=0) for path in SPECS[:2]), retry_budget=5)
    verdicts = {submitted.job_ids[0]: (Verdict.FAILED, Fault.TEST), submitted.job_ids[1]: (Verdict.PASSED, None)}
    for _ in verdicts:
        lease = farm.claim_one(worker)
        farm.run_through(lease, *verdicts[lease.jobs[0].job_id])
    return submitted


@pytest.mark.parametrize(("only_failed", "again"), [(True, 1), (False, 2)])
def test_a_finished_run_is_submitted_again_whole_or_what_did_not_pass(
    farm: Farm, only_failed: bool, again: int
) -> None:
    first = failed_and_passed(farm)
    second = farm.write(lambda tx: submit.retry_run(tx, run_id=first.run_id, only_failed=only_failed))
    run = farm.read(lambda tx: ask.run(tx, run_id=second.run_id))

    assert tuple(farm.job(job_id).request.retry_of for job_id in second.job_ids) == first.job_ids[:again]
    assert (run.retry_budget, run.statuses) == (5, {JobStatus.PENDING: again})
    assert farm.job(first.job_ids[0]).verdict is Verdict.FAILED


def test_a_run_that_is_still_going_is_not_submitted_again(farm: Farm) -> None:
    farm.stock("v1")
    submitted = farm.submit_run(a_request())
    with pytest.raises(Conflict, match=r"1 jobs of run .* are still going"):
        farm.write(lambda tx: submit.retry_run(tx, run_id=submitted.run_id, only_failed=False))


def test_of_a_run_that_passed_there_is_nothing_failed_to_submit_again(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    submitted = farm.submit_run(a_request())
    farm.run_through(farm.claim_one(worker))
    with pytest.raises(Conflict, match=r"Every job of run .* passed"):
        farm.write(lambda tx: submit.retry_run(tx, run_id=submitted.run_id, only_failed=True))
    with pytest.raises(NotFound, match="There is no run none"):
        farm.write(lambda tx: submit.retry_run(tx, run_id=RunId("none"), only_failed=True))
