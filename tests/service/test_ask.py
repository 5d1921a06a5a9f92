"""Questions: lists in pages, groups, workers, facts."""

import sys
from functools import partial
from importlib import import_module
from itertools import product

import pytest

from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.job import Job
from qgjob.core.words import (
    AppVersionId,
    Fault,
    JobId,
    JobStatus,
    OrgId,
    Priority,
    RunId,
    Verdict,
    WorkerStatus,
)
from qgjob.service import ask, cancel
from qgjob.service.ask import JobFilter, ways
from qgjob.service.ask.ways import Way
from tests.service.farm import ORG, SPECS, Farm, a_request
from tests.service.lively import GLOBEX, enliven


def page_sizes(farm: Farm, filters: JobFilter, *, limit: int) -> list[int]:
    """Walk through all pages."""
    return [len(page) for page in walk(farm, filters, limit=limit)]


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


def test_what_waits_rests_or_is_leased_is_found_by_its_status(farm: Farm) -> None:
    farm.stock("v1", "v2")
    (worker,) = farm.register("emulator-5554")
    (lost,) = farm.submit(a_request(version="v1"))
    farm.run_through(farm.claim_one(worker), Verdict.INFRA_ERROR, Fault.INFRASTRUCTURE)
    (leased,) = farm.submit(a_request(version="v2", priority=Priority.URGENT))
    farm.claim_one(worker)
    (waits,) = farm.submit(a_request(version="v2"))

    assert ids(farm, JobFilter(status=JobStatus.PENDING)) == [lost, waits]
    assert ids(farm, JobFilter(status=JobStatus.PENDING, app_version_id=AppVersionId("v1"))) == [lost]
    assert ids(farm, JobFilter(status=JobStatus.PENDING, app_version_id=AppVersionId("v2"))) == [waits]
    assert ids(farm, JobFilter(status=JobStatus.QUEUED)) == [leased]
    assert ids(farm, JobFilter(status=JobStatus.QUEUED, app_version_id=AppVersionId("v1"))) == []


FILTERS = [
    JobFilter(org_id=org_id, status=status, app_version_id=version)
    for org_id, status, version in product(
        (None, ORG, GLOBEX, OrgId("nobody")), (None, *JobStatus), (None, AppVersionId("v1"), AppVersionId("v2"))
    )
]


@pytest.mark.parametrize(("lists", "passed"), [(64, 5000), (1, 5000), (64, 4), (1, 4)])
def test_every_way_leads_to_the_same_jobs(
    farm: Farm, monkeypatch: pytest.MonkeyPatch, *, lists: int, passed: int
) -> None:
    """Whatever lists are merged, however short the pages get: all pages together are what a look at every job finds."""
    enliven(farm)
    everything = farm.read(partial(ask.jobs, filters=JobFilter(), limit=500)).items
    monkeypatch.setattr(ways, "MOST_LISTS", lists)
    monkeypatch.setattr(ways, "MOST_PASSED", passed)
    for filters in FILTERS:
        found = walk(farm, filters, limit=3)

        assert [job.job_id for page in found for job in page] == [
            job.job_id for job in everything if fits(job, filters)
        ]
        assert all(len(page) <= 3 for page in found)


def walk(farm: Farm, filters: JobFilter, *, limit: int) -> list[tuple[Job, ...]]:
    """All pages."""
    pages: list[tuple[Job, ...]] = []
    cursor: str | None = None
    while True:
        page = farm.read(partial(ask.jobs, filters=filters, limit=limit, cursor=cursor))
        pages.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return pages


def fits(job: Job, filters: JobFilter) -> bool:
    return (
        filters.org_id in {None, job.request.org_id}
        and filters.status in {None, job.status}
        and filters.app_version_id in {None, job.request.app_version_id}
    )


def test_the_shortest_way_is_chosen_among_those_of_few_lists() -> None:
    past_all = Way(walk="walk_jobs", lists=[{}], length=sys.maxsize)
    many = Way(walk="walk_ended", lists=[{}] * (ways.MOST_LISTS + 1), length=5)
    short = Way(walk="walk_group", lists=[{}, {}], length=10)

    assert ways.shortest([past_all, many, short]) == short
    assert ways.shortest([past_all, many]) == past_all


def test_workers_come_in_pages_with_what_each_of_them_runs(farm: Farm) -> None:
    farm.stock("v1")
    first, second, third = farm.register("emulator-5554", "emulator-5556", "emulator-5558")
    farm.submit(a_request())
    farm.claim_one(third)
    page = farm.read(partial(ask.workers, limit=2))
    following = farm.read(partial(ask.workers, limit=2, cursor=page.next_cursor))

    assert [(worker.worker_id, len(worker.current_jobs)) for worker in page.items] == [(first, 0), (second, 0)]
    assert [(worker.worker_id, len(worker.current_jobs)) for worker in following.items] == [(third, 1)]
    assert following.next_cursor is None


def test_active_workers_are_those_that_are_not_offline(farm: Farm) -> None:
    enliven(farm)
    for seconds in (0, 91, 210):
        farm.clock.advance(seconds)
        stats = farm.read(ask.stats)

        assert stats.workers == len(farm.workers())
        assert stats.active_workers == sum(worker.status is not WorkerStatus.OFFLINE for worker in farm.workers())


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


def test_an_orgs_facts_are_looked_for_a_bounded_way_at_a_time(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("qgjob.service.ask.facts"), "MOST_PASSED", 3)
    enliven(farm)
    everything = farm.read(partial(ask.facts, after=0, limit=1000))
    found: list[int] = []
    after, looks = -1, 0
    upto = 0
    while upto != after:
        after = upto
        page = farm.read(partial(ask.facts_of_org, org_id=GLOBEX, after=after, limit=2))
        found += [fact.fact_id for fact in page.facts]
        upto, looks = page.upto, looks + 1

    assert found == [fact.fact_id for fact in everything if fact.fact.org_id == GLOBEX]
    assert upto == everything[-1].fact_id
    assert looks > len(everything) / 3


def test_an_empty_farm_has_zero_of_everything(farm: Farm) -> None:
    stats = farm.read(ask.stats)

    assert set(stats.jobs) == set(JobStatus)
    assert sum(stats.jobs.values()) == stats.groups == stats.workers == stats.ledger.installs == 0
