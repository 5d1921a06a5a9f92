"""Questions: lists in pages, groups, facts."""

from functools import partial

import pytest

from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.words import AppVersionId, JobId, JobStatus, OrgId, RunId
from qgjob.service import ask, cancel
from qgjob.service.ask import JobFilter
from tests.service.farm import SPECS, Farm, a_request


def page_sizes(farm: Farm, filters: JobFilter, *, limit: int) -> list[int]:
    """Walk through all pages."""
    sizes: list[int] = []
    cursor: str | None = None
    while True:
        page = farm.read(partial(ask.jobs, filters=filters, limit=limit, cursor=cursor))
        sizes.append(len(page.items))
        cursor = page.next_cursor
        if cursor is None:
            return sizes


def ids(farm: Farm, filters: JobFilter) -> list[JobId]:
    return [job.job_id for job in farm.read(partial(ask.jobs, filters=filters, limit=100)).items]


@pytest.mark.parametrize(("limit", "sizes"), [(3, [3, 3, 3, 1]), (5, [5, 5]), (10, [10]), (500, [10])])
def test_a_list_comes_in_pages_of_the_size_asked_for(farm: Farm, limit: int, sizes: list[int]) -> None:
    farm.stock("v1")
    farm.submit(*(a_request(path) for path in SPECS))

    assert page_sizes(farm, JobFilter(), limit=limit) == sizes


def test_jobs_are_listed_oldest_first(farm: Farm) -> None:
    farm.stock("v1")
    first = farm.submit(*(a_request(path) for path in SPECS))
    second = farm.submit(a_request())

    assert ids(farm, JobFilter()) == [*first, *second]


def test_the_jobs_of_a_run_are_listed_in_the_order_of_the_request(farm: Farm) -> None:
    farm.stock("v1")
    farm.submit(a_request())
    waits, ends = farm.submit(a_request("tests/c.spec.js"), a_request("tests/b.spec.js"))
    run_id = farm.job(waits).run_id
    farm.write(lambda tx: cancel.cancel(tx, job_id=ends))

    assert ids(farm, JobFilter(run_id=run_id)) == [waits, ends]
    assert ids(farm, JobFilter(run_id=run_id, status=JobStatus.PENDING)) == [waits]
    assert ids(farm, JobFilter(run_id=run_id, org_id=OrgId("other"))) == []
    assert ids(farm, JobFilter(run_id=RunId("nobody's"))) == []
    assert page_sizes(farm, JobFilter(run_id=run_id), limit=1) == [1, 1]


def test_jobs_are_filtered_by_org_status_and_version_together(farm: Farm) -> None:
    farm.stock("v1", "v2")
    farm.stock("v1", org="other")
    waits, ends = farm.submit(a_request(version="v1"), a_request(version="v2"))
    (others,) = farm.submit(a_request(org="other"))
    farm.write(lambda tx: cancel.cancel(tx, job_id=ends))
    acme, v1 = OrgId("acme"), AppVersionId("v1")

    assert ids(farm, JobFilter(org_id=acme)) == [waits, ends]
    assert ids(farm, JobFilter(status=JobStatus.PENDING)) == [waits, others]
    assert ids(farm, JobFilter(app_version_id=v1)) == [waits, others]
    assert ids(farm, JobFilter(org_id=acme, status=JobStatus.CANCELLED)) == [ends]
    assert ids(farm, JobFilter(org_id=acme, app_version_id=v1)) == [waits]
    assert ids(farm, JobFilter(org_id=acme, app_version_id=v1, status=JobStatus.RUNNING)) == []


def test_a_page_is_not_disturbed_by_jobs_that_come_meanwhile(farm: Farm) -> None:
    farm.stock("v1")
    first = farm.submit(*(a_request(path) for path in SPECS[:4]))
    page = farm.read(partial(ask.jobs, filters=JobFilter(), limit=2))
    farm.submit(a_request())
    following = farm.read(partial(ask.jobs, filters=JobFilter(), limit=2, cursor=page.next_cursor))

    assert [job.job_id for job in following.items] == list(first[2:])


@pytest.mark.parametrize("cursor", ["", "-1", "x", "1; DROP TABLE jobs", "9" * 30, "\u0663"])
def test_a_cursor_that_we_did_not_give_is_refused(farm: Farm, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor"):
        farm.read(partial(ask.jobs, filters=JobFilter(), limit=2, cursor=cursor))


def test_what_is_not_there_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound, match="Job not found"):
        farm.job(JobId("none"))
    with pytest.raises(NotFound, match="Job not found"):
        farm.read(partial(ask.attempts, job_id=JobId("none")))
    with pytest.raises(NotFound, match="no run none"):
        farm.read(partial(ask.run, run_id=RunId("none")))


def test_a_group_waits_runs_and_is_completed(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    jobs = farm.submit(a_request())
    (waiting,) = farm.read(partial(ask.groups, org_id=None, limit=10)).items
    lease = farm.claim_one(worker)
    (running,) = farm.read(partial(ask.groups, org_id=None, limit=10)).items
    farm.run_through(lease)
    (completed,) = farm.read(partial(ask.groups, org_id=None, limit=10)).items

    assert (waiting.status, waiting.job_ids, waiting.workers) == (JobStatus.PENDING, jobs, ())
    assert (running.status, running.workers) == (JobStatus.RUNNING, (worker,))
    assert (completed.status, completed.job_count, completed.workers) == (JobStatus.COMPLETED, 1, ())


def test_groups_come_in_pages_of_one_org_or_all(farm: Farm) -> None:
    farm.stock("v1", "v2")
    farm.stock("v1", org="other")
    farm.submit(a_request(version="v1"), a_request(version="v2"))
    farm.submit(a_request(org="other"))
    first = farm.read(partial(ask.groups, org_id=None, limit=2))
    rest = farm.read(partial(ask.groups, org_id=None, limit=2, cursor=first.next_cursor))

    assert (len(first.items), len(rest.items), rest.next_cursor) == (2, 1, None)
    assert len(farm.read(partial(ask.groups, org_id=OrgId("other"), limit=9)).items) == 1


def test_facts_are_followed_from_where_one_stopped(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))
    run_id = farm.job(job_id).run_id
    everything = farm.read(partial(ask.facts, after=0, limit=100))
    of_run = farm.read(partial(ask.facts, after=0, limit=100, run_id=run_id))
    of_job = farm.read(partial(ask.facts, after=0, limit=100, job_id=job_id))

    assert [fact.fact_id for fact in everything] == list(range(1, len(everything) + 1))
    assert farm.read(partial(ask.facts, after=everything[-3].fact_id, limit=100)) == everything[-2:]
    assert [fact.fact.kind for fact in of_run] == [
        "run_submitted",
        "lease_granted",
        "install_done",
        "attempt_started",
        "case_ended",
        "attempt_ended",
        "job_ended",
        "lease_ended",
    ]
    assert [fact.fact.kind for fact in of_job] == ["attempt_started", "case_ended", "attempt_ended", "job_ended"]


def test_an_empty_farm_has_zero_of_everything(farm: Farm) -> None:
    stats = farm.read(ask.stats)

    assert set(stats.jobs) == set(JobStatus)
    assert sum(stats.jobs.values()) == stats.groups == stats.workers == stats.ledger.installs == 0
