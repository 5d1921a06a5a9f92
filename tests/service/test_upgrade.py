"""A farm of any released schema is upgraded by opening it, and works on as if nothing had happened."""

import logging
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from qgjob.core.errors import Unavailable
from qgjob.core.words import JobId, JobStatus, LeaseToken, WorkerId
from qgjob.service import ask, protocol1
from qgjob.service.ask import JobFilter
from qgjob.service.check import broken
from qgjob.store import Row, Store, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.migrations import revision_of, revisions
from tests.service.farm import ORG, Farm, a_request, case_ended, ended, lease_ended, started
from tests.service.farm import a_case as a_case_of
from tests.service.lively import lease_for
from tests.store.clocks import HandClock

RELEASED = sorted(Path(__file__).with_name("released").glob("*.sql"))
FIRST_DEVICE = "emulator-5554"


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database as that release left it, a moment after its last commit."""
    path = tmp_path / "qgjob.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(request.param.read_text("utf-8"))
    return path


@pytest.fixture
def farm(old: Path) -> Iterator[Farm]:
    clock = HandClock()
    with closing(sqlite3.connect(old)) as raw:
        clock.now = from_micros(raw.execute("SELECT MAX(at) FROM facts").fetchone()[0])
        tokens = dict(raw.execute("SELECT token, last_seq FROM leases WHERE ended_at IS NULL").fetchall())
    farm = Farm(store=Store.open(old, clock=clock), clock=clock, seqs=tokens)
    yield farm
    farm.store.close()


def test_it_has_the_newest_schema_and_no_promise_is_broken(farm: Farm, old: Path) -> None:
    assert farm.read(broken) == ()
    with closing(sqlite3.connect(old)) as raw:
        assert revision_of(raw) == revisions()[-1]


def test_as_it_was_before_it_is_kept_beside_it_and_the_log_says_where(
    old: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(old)) as raw:
        was, jobs = revision_of(raw), raw.execute("SELECT * FROM jobs").fetchall()
    with caplog.at_level(logging.INFO, logger="qgjob.store.migrations"):
        Store.open(old).close()
    (backup,) = old.parent.glob("*.backup")
    with closing(sqlite3.connect(backup)) as raw:
        assert (revision_of(raw), raw.execute("SELECT * FROM jobs").fetchall()) == (was, jobs)

    assert re.fullmatch(rf"qgjob\.db\.{was}\.\d{{8}}T\d{{6}}Z\.backup", backup.name)
    assert caplog.messages == [
        f"Brought the database {old} from schema {was} to {revisions()[-1]}. As it was before it is kept in {backup}."
    ]


def test_without_room_for_a_copy_nothing_is_migrated(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(old)) as raw:
        was = revision_of(raw)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(Unavailable, match="free some space"):
        Store.open(old)
    with closing(sqlite3.connect(old)) as raw:
        assert revision_of(raw) == was
    monkeypatch.undo()

    Store.open(old).close()


def test_what_it_knew_it_knows(farm: Farm) -> None:
    stats = farm.read(ask.stats)

    assert stats.jobs == {
        JobStatus.PENDING: 8,
        JobStatus.QUEUED: 1,
        JobStatus.RUNNING: 3,
        JobStatus.COMPLETED: 9,
        JobStatus.FAILED: 6,
        JobStatus.CANCELLED: 1,
    }
    assert (stats.groups, stats.workers, stats.ledger.installs) == (6, 5, 22)
    assert len(farm.read(partial(ask.jobs, filters=JobFilter(), limit=500)).items) == 28


def test_what_it_had_learnt_it_goes_by(farm: Farm) -> None:
    """Nobody wrote down on which platform and from how many: it stands in for all of them, and counts for one."""
    job_ids = farm.submit(a_request("tests/a.spec.js"), a_request("tests/b.spec.js"))
    estimates = [farm.read(partial(_row_of_job, job_id=job_id))["estimate_us"] for job_id in job_ids]
    installs = farm.read(partial(ask.estimates_of_installs, org_id=ORG, package=None, limit=10)).items

    assert estimates == [5_000_000, 5_000_000]  # the second is the mean of its suite
    assert [(each.worker_class.key, each.estimate.samples) for each in installs] == [("emulator/any/", 1)]
    assert farm.read(broken) == ()


def test_what_was_under_way_ends_and_what_waited_is_done(farm: Farm) -> None:
    for token in list(farm.seqs):
        _finish(farm, token)
    worker = _worker(farm, FIRST_DEVICE)
    while farm.read(ask.stats).jobs[JobStatus.PENDING] > 1:  # one waits for an app that nobody uploaded
        farm.run_through(lease_for(farm, worker))
    jobs = farm.read(ask.stats).jobs

    assert (jobs[JobStatus.QUEUED], jobs[JobStatus.RUNNING]) == (0, 0)
    assert (jobs[JobStatus.COMPLETED], jobs[JobStatus.CANCELLED]) == (20, 1)
    assert farm.read(broken) == ()


def _row_of_job(tx: Transaction, *, job_id: JobId) -> Row:
    return tx.only("job_by_id", job_id=job_id)


def _worker(farm: Farm, serial: str) -> WorkerId:
    return next(worker.worker_id for worker in farm.workers() if worker.serial == serial)


def _finish(farm: Farm, token: LeaseToken) -> None:
    """End the jobs of a lease well, as whoever has it would."""
    held = farm.read(lambda tx: tx.only("lease_by_token", token=token))
    for attempt in farm.read(lambda tx: tx.rows("offered_jobs", lease=token)):
        job_id, number = attempt["job_id"], attempt["number"]
        if held["agent_id"] is None:
            change = partial(protocol1.change_job, job_id=job_id, worker_id=held["worker_id"])
            farm.write(partial(change, status="completed"))
        else:
            well = [started(job_id, number), case_ended(job_id, number, a_case_of()), ended(job_id, number)]
            farm.report(token, *well, lease_ended(), agent=held["agent_id"])


def test_what_it_had_learnt_of_single_cases_is_known_as_that(old: Path) -> None:
    """Protocol 1 has always taken lines; what they took was counted with whole files."""
    with closing(sqlite3.connect(old)) as raw, raw:
        for test_path, took_us in (("odd/a.spec.js", 60_000_000), ("odd/a.spec.js:12", 4_000_000), (":7", 8_000_000)):
            raw.execute(
                "INSERT INTO test_estimates (org_id, test_path, target, took_us) VALUES ('odd', ?, 'emulator', ?)",
                (test_path, took_us),
            )
    farm = Farm(store=Store.open(old, clock=HandClock()))
    paths = ("odd/a.spec.js:99", "odd/b.spec.js:1", "odd/b.spec.js")
    job_ids = farm.submit(*(a_request(path, bundle=None, org="odd") for path in paths))

    assert [farm.read(partial(_row_of_job, job_id=job_id))["estimate_us"] for job_id in job_ids] == [
        4_000_000,
        4_000_000,
        60_000_000,
    ]
    assert farm.read(broken) == ()
    farm.store.close()
