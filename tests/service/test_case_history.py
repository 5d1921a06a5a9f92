"""What is kept of a case when its job ends, and what an org is told of it."""

from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.attempt import CaseCounts
from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.history import Standing
from qgjob.core.lease import Lease, LeaseEvent
from qgjob.core.words import CaseOutcome, CaseStatus, Fault, LeaseToken, OrgId, Verdict
from qgjob.service import ask, cancel, progress, retention
from qgjob.service.ask import CaseHistory, CaseOrder, OrgCase
from tests.service.case_runs import FAILED, PASSED, run_job
from tests.service.farm import AGENT, ORG, Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started


def history(farm: Farm, case_id: str) -> CaseHistory:
    return farm.read(partial(ask.case_history, org_id=ORG, case_id=case_id))


def listed(farm: Farm, order: CaseOrder, *, limit: int = 500) -> list[OrgCase]:
    """Walk through all pages."""
    page = farm.read(partial(ask.cases_of_org, org_id=ORG, order=order, limit=limit))
    found = [*page.items]
    while page.next_cursor is not None:
        page = farm.read(partial(ask.cases_of_org, org_id=ORG, order=order, limit=limit, cursor=page.next_cursor))
        found += page.items
    return found


def test_a_case_is_known_with_how_it_did_in_each_job_newest_first(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    first = run_job(farm, worker, [a_case("pays", FAILED)])
    second = run_job(farm, worker, [a_case("pays", FAILED)], [a_case("pays")])
    third = run_job(farm, worker, [a_case("pays", FAILED)])
    known = history(farm, "pays")

    assert [each.job_id for each in known.past] == [third.job_id, second.job_id, first.job_id]
    assert [(each.outcome, each.judged.standing, each.executions) for each in known.past] == [
        (CaseOutcome.FAILED, Standing.NEW_FAILURE, 1),
        (CaseOutcome.FLAKY, None, 2),
        (CaseOutcome.FAILED, Standing.FIRST_SEEN_FAILING, 1),
    ]
    assert (known.past[0].run_id, known.past[0].app_version_id, known.past[0].target) == (
        third.run_id,
        "v1",
        "emulator",
    )
    assert (known.case.title, known.case.file, known.case.last_outcome) == ("pays", "tests/a.spec.js", "failed")
    assert known.case.counts == CaseCounts(failed=2, flaky=1)
    assert known.case.mean == timedelta(seconds=1.5)
    assert (known.case.first_seen_at, known.case.last_seen_at) == (first.completed_at, third.completed_at)


def test_a_known_failure_says_since_when_in_the_cases_of_its_run(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    first = run_job(farm, worker, [a_case("pays", FAILED)])
    run_job(farm, worker, [a_case("pays", CaseStatus.SKIPPED)])
    third = run_job(farm, worker, [a_case("pays", FAILED)])
    (shown,) = farm.read(partial(ask.cases_of_run, run_id=third.run_id, limit=5)).items

    assert shown.judged is not None
    assert shown.judged.standing is Standing.KNOWN_FAILURE
    assert shown.judged.failing_since_at == first.completed_at
    assert shown.judged.flaky_score is None


def test_a_case_of_a_job_that_still_goes_is_compared_with_nothing(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, installed(), started(job_id), case_ended(job_id, 1, a_case("pays", FAILED)))
    (shown,) = farm.read(partial(ask.cases_of_run, run_id=farm.job(job_id).run_id, limit=5)).items

    assert shown.judged is None
    with pytest.raises(NotFound, match="There is no case pays of acme"):
        history(farm, "pays")


def test_a_job_that_is_cancelled_while_it_runs_leaves_its_cases_too(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, installed(), started(job_id), case_ended(job_id, 1, a_case("pays")))
    farm.write(partial(cancel.cancel, job_id=job_id))
    farm.report(lease.token, ended(job_id), lease_ended())

    assert farm.job(job_id).status.is_final
    assert history(farm, "pays").case.counts == CaseCounts(passed=1)


def test_only_the_last_thirty_results_count(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    for status in (FAILED, *[PASSED] * 30):
        run_job(farm, worker, [a_case("pays", status)])
    known = history(farm, "pays")

    assert known.case.counts == CaseCounts(passed=30)
    assert (known.case.flips, known.case.flaky_score) == (0, 0.0)
    assert len(known.past) == 30
    assert known.past[-1].judged.standing is Standing.RECOVERED


def test_cases_are_listed_by_what_is_asked_for(farm: Farm) -> None:
    """Steady always passes, flips comes out otherwise every second time, broken fails always."""
    farm.stock("v1")
    (worker,) = farm.register("one")
    for place in range(6):
        run_job(
            farm,
            worker,
            [a_case("steady"), a_case("flips", FAILED if place % 2 else PASSED), a_case("broken", FAILED)],
        )
    run_job(farm, worker, [a_case("steady"), a_case("new")])

    assert [each.case_id for each in listed(farm, CaseOrder.FLAKY)] == ["flips"]
    assert [each.case_id for each in listed(farm, CaseOrder.FAILING)] == ["broken", "flips"]
    assert [each.case_id for each in listed(farm, CaseOrder.RECENT)] == ["new", "steady", "broken", "flips"]
    assert {each.case_id for each in listed(farm, CaseOrder.SLOWEST)} == {"broken", "flips", "new", "steady"}
    assert listed(farm, CaseOrder.SLOWING) == []
    assert listed(farm, CaseOrder.FLAKY)[0].flaky_score == pytest.approx(5 / 6, abs=1e-6)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_every_case_is_on_one_page(farm: Farm, limit: int) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    names = [f"case {place}" for place in range(7)]
    run_job(farm, worker, [a_case(name) for name in names])

    for order in (CaseOrder.RECENT, CaseOrder.SLOWEST):
        assert [each.case_id for each in listed(farm, order, limit=limit)] == names


def test_cases_of_others_are_not_seen(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run_job(farm, worker, [a_case("pays")])
    theirs = OrgId("globex")

    assert farm.read(partial(ask.cases_of_org, org_id=theirs, order=CaseOrder.RECENT, limit=5)).items == ()
    with pytest.raises(NotFound):
        farm.read(partial(ask.case_history, org_id=theirs, case_id="pays"))


def test_a_cursor_that_is_none_is_refused(farm: Farm) -> None:
    with pytest.raises(InvalidRequest, match="begin without one"):
        farm.read(partial(ask.cases_of_org, org_id=ORG, order=CaseOrder.RECENT, limit=5, cursor="best.first"))


def test_a_case_goes_with_its_last_job_and_its_figures_stay_until_then(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("one")
    run_job(farm, worker, [a_case("pays", FAILED), a_case("signs in")])
    farm.clock.advance(7200)
    run_job(farm, worker, [a_case("pays")])
    farm.write(lambda tx: retention.forget_jobs(tx, before=tx.now - timedelta(hours=1), after=0))
    known = history(farm, "pays")

    assert (known.case.counts, len(known.past)) == (CaseCounts(passed=1, failed=1), 1)
    assert [each.case_id for each in listed(farm, CaseOrder.RECENT)] == ["pays"]
    farm.clock.advance(7200)
    farm.write(lambda tx: retention.forget_jobs(tx, before=tx.now - timedelta(hours=1), after=0))
    assert listed(farm, CaseOrder.RECENT) == []


def test_two_jobs_that_end_in_one_commit_are_compared_with_each_other(farm: Farm) -> None:
    farm.stock("v1")
    workers = farm.register("one", "two")
    farm.submit(a_request(max_retries=0), a_request("tests/b.spec.js", max_retries=0))
    leases = [farm.claim_one(worker) for worker in workers]
    for lease in leases:
        (job,) = lease.jobs
        farm.report(lease.token, installed(), started(job.job_id), case_ended(job.job_id, 1, a_case("pays", FAILED)))
    events = [numbered(farm, lease) for lease in leases]
    farm.write(lambda tx: [progress.report(tx, agent_id=AGENT, token=token, events=each) for token, each in events])

    assert [each.judged.standing for each in history(farm, "pays").past] == [
        Standing.KNOWN_FAILURE,
        Standing.FIRST_SEEN_FAILING,
    ]
    assert history(farm, "pays").case.counts == CaseCounts(failed=2)


def numbered(farm: Farm, lease: Lease) -> tuple[LeaseToken, list[LeaseEvent]]:
    """Make the event by which the only job of a lease fails."""
    seq = farm.seqs[lease.token] + 1
    return lease.token, [ended(lease.jobs[0].job_id, 1, Verdict.FAILED, Fault.TEST)(seq, farm.clock())]
