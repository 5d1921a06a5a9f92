"""Muted cases run and decide nothing; what they excused stays excused, and nothing else ever becomes so."""

from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.errors import Conflict, InvalidRequest, NotFound
from qgjob.core.facts import FactKind
from qgjob.core.words import CaseStatus, JobStatus, OrgId, Verdict
from qgjob.service import ask, mutes
from qgjob.service.mutes import MutedCase
from tests.service.case_runs import FAILED, flaky, run_job
from tests.service.farm import ORG, Farm, a_case

DAY = timedelta(days=1)


def mute(farm: Farm, case_id: str = "pays", *, days: int = 1, owner: str = "ada", org: OrgId = ORG) -> MutedCase:
    until_at = farm.clock() + days * DAY
    return farm.decide(
        partial(mutes.mute, org_id=org, case_id=case_id, owner=owner, until_at=until_at, reason="see SHOP-1")
    )


def unmute(farm: Farm, case_id: str = "pays") -> MutedCase:
    return farm.decide(partial(mutes.unmute, org_id=ORG, case_id=case_id))


def muted(farm: Farm) -> list[str]:
    return [each.mute.case_id for each in farm.read(partial(ask.mutes_of_org, org_id=ORG))]


@pytest.fixture
def ready(farm: Farm) -> Farm:
    farm.stock("v1")
    farm.register("one")
    return farm


def test_a_job_whose_only_failure_is_muted_is_excused_and_its_run_says_so(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    mute(ready)
    job = run_job(ready, worker, [a_case("pays", FAILED), a_case("signs in")])
    run = ready.run(job.run_id)
    shown = ready.read(partial(ask.cases_of_run, run_id=job.run_id, limit=5)).items

    assert (job.status, job.verdict, job.excused) == (JobStatus.FAILED, Verdict.FAILED, True)
    assert (run.verdicts, run.excused) == ({Verdict.FAILED: 1}, {Verdict.FAILED: 1})
    assert {each.case.case_id: each.judged is not None and each.judged.muted for each in shown} == {
        "pays": True,
        "signs in": False,
    }


def test_a_muted_case_is_retried_as_any_other_and_a_flaky_job_is_excused(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    mute(ready)
    job = run_job(ready, worker, *([each] for each in flaky()))

    assert (job.verdict, job.retry_count, job.excused) == (Verdict.FLAKY, 1, True)
    assert ready.run(job.run_id).excused == {Verdict.FLAKY: 1}


def test_a_failure_beside_the_muted_one_is_not_excused(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    mute(ready)

    assert not run_job(ready, worker, [a_case("pays", FAILED), a_case("signs in", FAILED)]).excused
    assert not run_job(ready, worker, [a_case("pays", FAILED), a_case("signs in", CaseStatus.NOT_RUN)]).excused
    assert not run_job(ready, worker, [a_case("pays")]).excused


def test_later_mutes_never_change_an_old_run_and_unmuting_changes_new_ones_only(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    before = run_job(ready, worker, [a_case("pays", FAILED)])
    mute(ready)
    during = run_job(ready, worker, [a_case("pays", FAILED)])
    unmute(ready)
    after = run_job(ready, worker, [a_case("pays", FAILED)])

    assert [ready.job(each.job_id).excused for each in (before, during, after)] == [False, True, False]
    assert [bool(ready.run(each.run_id).excused) for each in (before, during, after)] == [False, True, False]


def test_a_mute_ends_by_itself(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    mute(ready)
    ready.clock.advance(86_400)

    assert muted(ready) == []
    assert not run_job(ready, worker, [a_case("pays", FAILED)]).excused
    with pytest.raises(NotFound, match="The case pays of acme is not muted"):
        unmute(ready)


def test_a_mute_of_another_org_excuses_nothing(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    mute(ready, org=OrgId("globex"))

    assert not run_job(ready, worker, [a_case("pays", FAILED)]).excused


def test_muting_again_says_anew_until_when_and_keeps_since_when(ready: Farm) -> None:
    first = mute(ready)
    ready.clock.advance(60)
    again = mute(ready, days=9, owner="grace")

    assert (again.mute.owner, again.mute.until_at) == ("grace", ready.clock() + 9 * DAY)
    assert (again.mute.created_at, again.title) == (first.mute.created_at, None)


def test_a_mute_that_was_over_begins_anew(ready: Farm) -> None:
    mute(ready)
    ready.clock.advance(86_400)

    assert mute(ready).mute.created_at == ready.clock()


def test_mutes_are_listed_by_when_they_end_with_what_is_known_of_their_cases(ready: Farm) -> None:
    (worker,) = (each.worker_id for each in ready.workers())
    run_job(ready, worker, [a_case("pays")])
    mute(ready, "never seen", days=3)
    mute(ready, "pays", days=2)
    shown = ready.read(partial(ask.mutes_of_org, org_id=ORG))

    assert [(each.mute.case_id, each.title, each.file) for each in shown] == [
        ("pays", "pays", "tests/a.spec.js"),
        ("never seen", None, None),
    ]


def test_muting_and_unmuting_are_told(ready: Farm) -> None:
    until_at = ready.clock() + DAY
    mute(ready)
    unmute(ready)
    told = [
        each.fact
        for each in ready.read(partial(ask.facts, after=0, limit=500))
        if each.fact.kind in {FactKind.CASE_MUTED, FactKind.CASE_UNMUTED}
    ]

    assert [(fact.kind, fact.org_id, fact.data) for fact in told] == [
        (
            FactKind.CASE_MUTED,
            "acme",
            {"case_id": "pays", "owner": "ada", "until_at": until_at.isoformat(), "reason": "see SHOP-1"},
        ),
        (FactKind.CASE_UNMUTED, "acme", {"case_id": "pays", "owner": "ada", "until_at": until_at.isoformat()}),
    ]


def test_too_many_mutes_and_times_that_are_over_are_refused(ready: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutes, "MOST_MUTES", 2)
    mute(ready, "a")
    mute(ready, "b")

    with pytest.raises(Conflict, match="acme has 2 muted cases already"):
        mute(ready, "c")
    with pytest.raises(InvalidRequest, match="must be a time to come"):
        mute(ready, "a", days=0)
    assert muted(ready) == ["a", "b"]
    assert mute(ready, "a", days=5).mute.owner == "ada"
