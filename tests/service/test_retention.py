"""What was kept long enough goes, with all that belongs to it; what is still of use stays, and sums stay right."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from qgjob.core.errors import NotFound
from qgjob.core.words import JobId, JobStatus, Sha256
from qgjob.service import ask, retention, submit
from qgjob.service.ask import JobFilter
from qgjob.service.check import broken
from qgjob.store import Store, Transaction
from tests.databases import Databases
from tests.service.farm import BUNDLE, Farm, a_request, ended, lease_ended, started
from tests.service.lively import enliven, lease_for
from tests.service.test_evidence import finished, keep

NOT_LONG = timedelta(hours=1)
SOON_S = 20
TABLES = (
    "runs",
    "jobs",
    "attempts",
    "cases",
    "case_results",
    "org_cases",
    "evidence",
    "leases",
    "installs",
    "ended",
    "groups",
)


def rows_in(tx: Transaction, table: str) -> int:
    count: int = tx._connection.rows(f"SELECT COUNT(*) AS rows FROM {table}", {})[0]["rows"]
    return count


def sizes(farm: Farm) -> dict[str, int]:
    return {table: farm.read(partial(rows_in, table=table)) for table in TABLES}


def forget(farm: Farm, *, keep_for: timedelta = NOT_LONG) -> int:
    """Forget all jobs that ended longer ago than that."""
    removed, after = 0, 0
    while True:
        forgotten = farm.write(
            lambda tx, after=after: retention.forget_jobs(tx, before=tx.now - keep_for, after=after)  # type: ignore[misc]
        )
        removed += forgotten.jobs
        if forgotten.upto is None:
            return removed
        after = forgotten.upto


def test_a_job_goes_with_all_that_belongs_to_it(farm: Farm) -> None:
    job_id = finished(farm)
    keep(farm, job_id)
    run_id = farm.job(job_id).run_id
    farm.clock.advance(3601)

    assert forget(farm) == 1
    assert sizes(farm) == dict.fromkeys(TABLES, 0)
    assert farm.read(partial(ask.facts, after=0, limit=500, run_id=run_id)) == ()
    with pytest.raises(NotFound):
        farm.job(job_id)


def test_a_job_that_ended_lately_stays_however_old_it_is(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.clock.advance(7200)
    farm.run_through(farm.claim_one(worker))

    assert forget(farm) == 0
    assert farm.job(job_id).status is JobStatus.COMPLETED


def test_what_waits_runs_or_rests_stays_for_ever(farm: Farm) -> None:
    enliven(farm)
    before = farm.read(ask.stats).jobs
    going_on = [
        job
        for status in (JobStatus.PENDING, JobStatus.QUEUED, JobStatus.RUNNING)
        for job in farm.read(partial(ask.jobs, filters=JobFilter(status=status), limit=500)).items
    ]
    farm.clock.advance(3601)
    ended = before[JobStatus.COMPLETED] + before[JobStatus.FAILED] + before[JobStatus.CANCELLED]

    assert forget(farm) == ended
    assert {farm.job(job.job_id).status for job in going_on} == {
        JobStatus.PENDING,
        JobStatus.QUEUED,
        JobStatus.RUNNING,
    }
    assert sizes(farm)["jobs"] == len(going_on)


def test_totals_are_of_all_time(farm: Farm) -> None:
    enliven(farm)
    before = farm.read(ask.stats)
    farm.clock.advance(3601)
    forget(farm)
    after = farm.read(ask.stats)

    assert (after.jobs, after.ledger) == (before.jobs, before.ledger)
    assert after.groups == sizes(farm)["groups"]


def test_a_run_and_a_lease_stay_while_one_of_their_jobs_does(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    for path in ("tests/a.spec.js", "tests/b.spec.js"):
        farm.submit(a_request(path))
        farm.run_through(farm.claim_one(worker))
    farm.clock.advance(3601)
    first, second = farm.submit(a_request("tests/a.spec.js"), a_request("tests/b.spec.js"))
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(first), ended(first))
    farm.clock.advance(60)
    farm.report(lease.token, started(second), ended(second), lease_ended())
    farm.clock.advance(3590)
    forget(farm)
    with_one_left = sizes(farm)
    farm.clock.advance(60)
    forget(farm)

    assert (with_one_left["jobs"], with_one_left["runs"], with_one_left["leases"]) == (1, 1, 1)
    assert sizes(farm) == dict.fromkeys(TABLES, 0)


def test_a_job_whose_lease_is_still_in_force_stays(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id), ended(job_id))
    farm.clock.advance(3601)
    while_in_force = forget(farm)
    farm.report(lease.token, lease_ended())

    assert (while_in_force, forget(farm)) == (0, 1)


def test_a_farm_that_has_forgotten_works_on(farm: Farm) -> None:
    finished(farm)
    farm.clock.advance(3601)
    forget(farm)
    (job_id,) = farm.submit(a_request())
    worker = farm.workers()[0].worker_id
    farm.run_through(lease_for(farm, worker))

    assert farm.job(job_id).status is JobStatus.COMPLETED
    assert sizes(farm)["groups"] == 1


def test_it_goes_in_parts_that_begin_where_the_one_before_ended(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(retention, "MOST_JOBS", 2)
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(*(a_request(f"tests/{letter}.spec.js", version="v1") for letter in "abcdefghij"))
    while leases := farm.claim(worker):
        farm.run_through(leases[0])
    farm.clock.advance(3601)
    parts: list[int] = []
    after: int | None = 0
    while after is not None:
        part = farm.write(partial(retention.forget_jobs, before=farm.clock() - NOT_LONG, after=after))
        parts.append(part.jobs)
        after = part.upto

    assert parts == [2, 2, 2, 2, 2]
    assert sizes(farm)["jobs"] == 0


def test_a_late_report_on_what_is_forgotten_finds_nothing(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    lease = farm.claim_one(worker)
    farm.report(lease.token, started(job_id), ended(job_id))
    farm.register("emulator-5554")
    farm.clock.advance(3601)
    forget(farm)

    with pytest.raises(NotFound, match="no lease"):
        farm.report(lease.token, ended(job_id))


def test_evidence_goes_before_its_job(farm: Farm) -> None:
    job_id = finished(farm)
    keep(farm, job_id)
    farm.clock.advance(10)
    keep(farm, job_id, name="video.mp4", sha256=Sha256("2" * 64))
    removed = farm.write(lambda tx: retention.forget_evidence(tx, before=tx.now))
    (detail,) = farm.read(partial(ask.attempts, job_id=job_id))

    assert removed == 1
    assert [each.name for each in detail.evidence] == ["video.mp4"]


def test_a_file_lies_loose_only_when_nothing_refers_to_it_any_more(farm: Farm) -> None:
    """The trace is evidence of two jobs; the video is the same bytes as a bundle."""
    job_id = finished(farm)
    (second,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(farm.workers()[0].worker_id))
    keep(farm, job_id)
    keep(farm, job_id, name="video.mp4", sha256=BUNDLE)
    keep(farm, job_id, name="log.txt", sha256=Sha256("3" * 64))
    farm.clock.advance(10)
    keep(farm, second)
    farm.write(lambda tx: retention.forget_evidence(tx, before=tx.now))
    loose = farm.read(partial(retention.loose_files, after=""))
    farm.write(partial(retention.settle_files, files=[*loose.kept, *loose.unnamed]))

    assert sorted(loose.kept) == sorted([keep(farm, second).sha256, BUNDLE])
    assert loose.unnamed == ["3" * 64]
    assert farm.read(partial(retention.loose_files, after="")).kept == []


def test_files_of_forgotten_jobs_lie_loose(farm: Farm) -> None:
    keep(farm, finished(farm))
    farm.clock.advance(3601)
    forget(farm)

    assert farm.read(partial(retention.loose_files, after="")).unnamed == ["1" * 64]


@pytest.mark.exam
def test_replicas_forget_at_once_and_nothing_is_counted_twice(databases: Databases) -> None:
    with databases() as database:
        if isinstance(database, Path):
            pytest.skip("a file has one owner")
        farm = Farm.on(database)
        farm.stock("v1")
        (worker,) = farm.register("emulator-5554")
        farm.submit(*(a_request(f"tests/{letter}.spec.js") for letter in "abcdefghij" * 20))
        while leases := farm.claim(worker):
            farm.run_through(leases[0])
        farm.clock.advance(3601)
        stores = [Store.open(database, clock=farm.clock) for _ in range(3)]
        before = farm.clock() - NOT_LONG
        while sizes(farm)["jobs"]:
            parts = [
                store.write(partial(retention.forget_jobs, before=before, after=0))
                for store in stores
                for _ in range(2)
            ]
            for part in parts:
                part.result(SOON_S)

        assert farm.read(broken) == ()
        assert sizes(farm) == dict.fromkeys(TABLES, 0)
        for store in stores:
            store.close()
        farm.store.close()


@pytest.mark.exam
def test_a_job_that_comes_to_a_group_as_it_is_removed_makes_it_anew(databases: Databases) -> None:
    """One replica forgets the last job of a group after another has found that group, and before it commits."""
    with databases() as database:
        if isinstance(database, Path):
            pytest.skip("a file has one owner")
        farm, other = Farm.on(database), Farm.on(database)
        finished(farm)
        farm.clock.advance(3601)
        found, forgotten = Event(), Event()

        def submit_slowly(tx: Transaction) -> JobId:
            (job_id,) = submit.submit(tx, requests=[a_request()]).job_ids
            found.set()
            forgotten.wait(SOON_S)
            return job_id

        submitted = other.store.write(submit_slowly)
        assert found.wait(SOON_S)
        assert forget(farm) == 1
        forgotten.set()
        job_id = submitted.result(SOON_S)

        assert farm.read(broken) == ()
        assert (farm.job(job_id).status, sizes(farm)["groups"]) == (JobStatus.PENDING, 1)
        other.store.close()
        farm.store.close()
