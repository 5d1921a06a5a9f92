"""Submissions that are taken in together come out as if each had come alone."""

import json
from collections.abc import Sequence
from functools import partial

import pytest

from qgjob.core.errors import InvalidRequest, KeyReused
from qgjob.core.facts import FactKind
from qgjob.core.job import JobRequest
from qgjob.core.words import JobId, JobStatus, OrgId, Sha256
from qgjob.service import ask
from qgjob.service.idempotency import Answered, Keyed, Overtaken
from qgjob.service.intake import Outcome, Push, take_in
from qgjob.service.jobs.making import NewRun
from qgjob.service.submit import Submitted
from tests.service.farm import SPECS, Farm, a_request


def shown(submitted: Submitted) -> str:
    return json.dumps({"run": submitted.run_id, "jobs": submitted.job_ids})


def a_push(*requests: JobRequest, key: str | None = None, digest: str = "d") -> Push:
    keyed = None if key is None else Keyed(scope="acme", key=key, digest=digest)
    return Push(run=NewRun(requests=requests or [a_request()]), keyed=keyed, show=shown)


def taken_in(farm: Farm, *pushes: Push) -> Sequence[Outcome]:
    return farm.write(partial(take_in, pushes=pushes))


def jobs_of(outcome: Outcome) -> list[JobId]:
    assert isinstance(outcome, Answered)
    return [JobId(job_id) for job_id in json.loads(outcome.answer)["jobs"]]


def total(farm: Farm) -> int:
    return sum(farm.read(ask.stats).jobs.values())


def test_each_submission_is_a_run_of_its_own_with_its_jobs_in_order(farm: Farm) -> None:
    farm.stock("v1", "v2")
    pushes = [
        a_push(*(a_request(path) for path in SPECS[:3])),
        a_push(a_request(version="v2"), a_request(SPECS[4])),
        a_push(),
    ]
    outcomes = taken_in(farm, *pushes)

    assert [len(jobs_of(outcome)) for outcome in outcomes] == [3, 2, 1]
    for push, outcome in zip(pushes, outcomes, strict=True):
        jobs = [farm.job(job_id) for job_id in jobs_of(outcome)]
        assert [job.request for job in jobs] == list(push.run.requests)
        assert {job.status for job in jobs} == {JobStatus.PENDING}
        (run_id,) = {job.run_id for job in jobs}
        assert farm.read(partial(ask.run, run_id=run_id)).job_ids == tuple(jobs_of(outcome))
    facts = farm.read(partial(ask.facts, after=0, limit=10))
    assert [each.fact.data for each in facts if each.fact.kind is FactKind.RUN_SUBMITTED] == [
        {"jobs": 3},
        {"jobs": 2},
        {"jobs": 1},
    ]


def test_one_that_is_refused_harms_no_other(farm: Farm) -> None:
    farm.stock("v1")
    good, bad, other = taken_in(
        farm, a_push(), a_push(a_request(bundle=Sha256("c" * 64)), a_request()), a_push(a_request(SPECS[1]))
    )

    assert isinstance(bad, InvalidRequest)
    assert "no bundle" in bad.message
    assert [farm.job(job_id).request.test_path for job_id in (*jobs_of(good), *jobs_of(other))] == [SPECS[0], SPECS[1]]
    assert total(farm) == 2


def test_submissions_of_several_orgs_stay_apart(farm: Farm) -> None:
    farm.stock("v1")
    farm.stock("v1", org="other")
    ours, theirs = taken_in(farm, a_push(), a_push(a_request(org="other")))

    assert farm.job(jobs_of(ours)[0]).group_id != farm.job(jobs_of(theirs)[0]).group_id
    assert farm.read(partial(ask.groups, org_id=OrgId("other"), limit=10)).items[0].job_count == 1


def test_what_was_answered_before_is_answered_again(farm: Farm) -> None:
    farm.stock("v1")
    first, second = taken_in(farm, a_push(key="k1"), a_push(key="k2"))
    again, fresh, reused = taken_in(farm, a_push(key="k1"), a_push(key="k3"), a_push(key="k2", digest="other"))

    assert isinstance(first, Answered)
    assert again == Answered(answer=first.answer, again=True)
    assert isinstance(fresh, Answered)
    assert not fresh.again
    assert isinstance(reused, KeyReused)
    assert total(farm) == 3
    assert isinstance(second, Answered)


def test_a_key_that_is_taken_meanwhile_undoes_the_whole_batch(farm: Farm) -> None:
    farm.stock("v1")
    twice = a_push(key="k1"), a_push(key="k1")
    with pytest.raises(Overtaken):
        taken_in(farm, *twice)

    assert total(farm) == 0
