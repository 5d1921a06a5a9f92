"""The ledger: what devices did for whom and when, and what it would have cost by other rules."""

from datetime import date
from functools import partial

import pytest

from qgjob.core.agent import FoundApp
from qgjob.core.errors import InvalidRequest, NotFound
from qgjob.core.lease import InstallFailed, Lease
from qgjob.core.ledger import Entry
from qgjob.core.words import Fault, OrgId, RunId, Sha256, Target, WorkerId
from qgjob.service import ask, fleet, protocol1, retention, sweep
from tests.service.farm import (
    ORG,
    SPECS,
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

A_DAY_S = 86_400
A_MINUTE_S = 60
NOT_LEFT_TO_THE_OTHER_S = 3
"""A device that must install leaves new work for so long to one that need not."""


@pytest.fixture
def stocked(farm: Farm) -> Farm:
    farm.stock("v1", "v2")
    return farm


def today(farm: Farm) -> date:
    return farm.clock().date()


def by_day(farm: Farm, org: str = ORG) -> dict[date | None, Entry]:
    ledger = farm.read(partial(ask.ledger_by_day, org_id=OrgId(org), since=None, until=None, limit=100))
    return {each.day: each.entry for each in ledger.page.items}


def of_org(farm: Farm, org: str = ORG) -> Entry:
    ledger = farm.read(partial(ask.ledger_by_org, org_id=OrgId(org), since=None, until=None, limit=100))
    return ledger.page.items[0].entry


def of_run(farm: Farm, run_id: RunId) -> Entry:
    ledger = farm.read(partial(ask.ledger_of_run, run_id=run_id, org_id=None, since=None, until=None))
    return ledger.page.items[0].entry


def work(farm: Farm, lease: Lease, *, install_s: float | None = None) -> None:
    """Run a lease's jobs, each with a case that opens a session and five seconds; None: the app is there already."""
    steps: list[Step] = [installed(seconds=install_s or 0, reused=install_s is None)]
    for job in lease.jobs:
        steps += [
            started(job.job_id, job.attempt),
            case_ended(job.job_id, job.attempt, a_case(job.test_path)),
            ended(job.job_id, job.attempt),
        ]
    farm.report(lease.token, *steps, lease_ended())


def push(farm: Farm, worker: WorkerId, *paths: str, install_s: float | None = None, version: str = "v1") -> RunId:
    """Submit a run and work it off on one worker, which installs for its first lease at most."""
    run = farm.submit_run(*(a_request(path, version=version) for path in paths or SPECS[:1]))
    work(farm, farm.claim_one(worker), install_s=install_s)
    while leases := farm.claim(worker):
        work(farm, leases[0])
    return run.run_id


def test_a_run_is_charged_what_was_installed_for_it_and_the_next_finds_it_there(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    first = of_run(stocked, push(stocked, worker, *SPECS[:3], install_s=4))
    second = of_run(stocked, push(stocked, worker, *SPECS[:2]))

    assert (first.installs, first.installs_stock, first.installs_avoided, first.sessions) == (1, 3, 2, 3)
    assert (first.install.total_seconds(), first.test.total_seconds()) == (4, 15)
    assert (first.stock, first.unmeasured) == (first.install * 3, 0)
    assert (second.installs, second.installs_avoided, second.stock) == (0, 2, first.install * 2)
    assert second.idle is None


def test_days_add_up_to_the_totals(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    first_day = today(stocked)
    stocked.clock.advance(A_DAY_S)
    push(stocked, worker, *SPECS[:2])
    days, totals = by_day(stocked), stocked.read(ask.stats).ledger

    assert list(days) == [first_day, today(stocked)]
    assert [(each.installs, each.installs_stock, each.sessions) for each in days.values()] == [(1, 1, 1), (0, 2, 2)]
    assert [each.stock.total_seconds() for each in days.values() if each.stock is not None] == [4, 8]
    assert (totals.installs, totals.installs_stock, totals.sessions, totals.test_seconds) == (1, 3, 3, 15)
    assert of_org(stocked).installs_avoided == totals.installs_avoided == 2


def test_what_is_reported_later_counts_for_the_day_on_which_it_happened(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    stocked.submit(a_request())
    lease = stocked.claim_one(worker)
    day, at = today(stocked), stocked.clock()
    stocked.clock.advance(A_DAY_S)
    (job,) = lease.jobs
    steps = [
        installed(seconds=4),
        started(job.job_id),
        case_ended(job.job_id, 1, a_case()),
        ended(job.job_id),
        lease_ended(),
    ]
    stocked.report_as_is(lease.token, *(step(seq, at) for seq, step in enumerate(steps, start=1)))

    assert list(by_day(stocked)) == [day]


def test_what_comes_too_late_is_in_the_ledger_all_the_same(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    run_id = stocked.submit_run(a_request()).run_id
    lease = stocked.claim_one(worker)
    stocked.clock.advance(301)
    stocked.write(sweep.sweep)
    work(stocked, lease, install_s=4)

    told = of_run(stocked, run_id)
    assert (told.installs, told.installs_stock, told.sessions) == (1, 1, 1)


def test_what_was_never_measured_costs_stock_appwright_nobody_knows_what(stocked: Farm) -> None:
    """The app was on the device before the farm came."""
    (worker,) = stocked.register("emulator-5554")
    told = of_run(stocked, push(stocked, worker, *SPECS[:2]))

    assert (told.installs, told.installs_avoided, told.stock, told.unmeasured) == (0, 2, None, 2)


def test_an_installation_that_failed_costs_time_and_is_no_measure(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    run_id = stocked.submit_run(a_request()).run_id
    lease = stocked.claim_one(worker)
    stocked.report(
        lease.token,
        lambda seq, at: InstallFailed(seq=seq, at=at, seconds=30, message="no space", fault=Fault.INFRASTRUCTURE),
        lease_ended(),
    )
    stocked.clock.advance(A_MINUTE_S)
    work(stocked, stocked.claim_one(worker), install_s=4)

    told = of_run(stocked, run_id)
    assert (told.installs, told.install.total_seconds()) == (1, 34)
    assert told.stock is not None
    assert told.stock.total_seconds() == 4


def test_an_installation_for_jobs_of_two_runs_is_charged_to_the_first_jobs_run(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, *SPECS[:2], install_s=4)
    stocked.submit(a_request(version="v2"))
    work(stocked, stocked.claim_one(worker), install_s=4)
    one, two = stocked.submit_run(a_request(SPECS[0])), stocked.submit_run(a_request(SPECS[1]))
    lease = stocked.claim_one(worker)
    work(stocked, lease, install_s=6)

    assert {job.job_id for job in lease.jobs} == {*one.job_ids, *two.job_ids}
    charged = {run.run_id: of_run(stocked, run.run_id) for run in (one, two)}
    first = next(run for run in (one, two) if lease.jobs[0].job_id in run.job_ids)
    assert {run_id: each.installs for run_id, each in charged.items()} == {
        run.run_id: int(run is first) for run in (one, two)
    }
    assert [each.installs_stock for each in charged.values()] == [1, 1]


def test_the_whole_group_rule_installs_once_while_a_group_has_something_to_do(stocked: Farm) -> None:
    """Two devices install for one group at once; later, when it was empty, one of them does so again."""
    first, second = stocked.register("emulator-5554", "emulator-5556")
    run = stocked.submit_run(*(a_request(path) for path in SPECS))
    leases = [stocked.claim_one(first), stocked.claim_one(second)]
    for lease in leases:
        work(stocked, lease, install_s=4)
    for worker in (first, second):
        while more := stocked.claim(worker):
            work(stocked, more[0])
    whole = of_run(stocked, run.run_id)
    push(stocked, first, version="v2", install_s=4)
    run_again = stocked.submit_run(a_request())
    stocked.clock.advance(NOT_LEFT_TO_THE_OTHER_S)
    work(stocked, stocked.claim_one(first), install_s=6)
    again = of_run(stocked, run_again.run_id)

    assert (whole.installs, whole.installs_group) == (2, 1)
    assert (again.installs, again.installs_group) == (1, 1)
    assert whole.group is not None
    assert of_org(stocked).installs_group == 3


def test_a_device_that_holds_a_version_and_has_nothing_to_do_is_idle_and_warm_for_its_org(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    for _ in range(10):
        stocked.clock.advance(A_MINUTE_S)
        assert stocked.claim(worker) == ()
    stocked.clock.advance(30)
    push(stocked, worker)

    assert by_day(stocked)[today(stocked)].idle == by_day(stocked)[today(stocked)].test * 63
    assert stocked.read(ask.stats).ledger.idle_seconds == 630


def test_a_device_that_is_silent_is_not_idle_and_warm(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    stocked.clock.advance(A_MINUTE_S)
    stocked.claim(worker)
    stocked.clock.advance(3600)
    stocked.claim(worker)
    stocked.clock.advance(20)
    push(stocked, worker)

    assert stocked.read(ask.stats).ledger.idle_seconds == 80


def test_idle_time_is_of_the_org_whose_version_the_device_held(stocked: Farm) -> None:
    stocked.stock("v1", org="rival")
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    stocked.clock.advance(A_MINUTE_S)
    stocked.submit(a_request(org="rival"))
    work(stocked, stocked.claim_one(worker), install_s=4)

    assert [of_org(stocked, org).idle for org in (ORG, "rival")] == [
        of_org(stocked).test * 12,
        of_org(stocked).test * 0,
    ]


def test_a_device_that_comes_back_without_what_it_held_was_idle_until_then(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    stocked.clock.advance(40)
    stocked.register("emulator-5554", installed=FoundApp(package="p", sha256=Sha256("9" * 64)))
    stocked.clock.advance(40)
    stocked.claim(worker)

    assert stocked.read(ask.stats).ledger.idle_seconds == 40


def test_a_protocol_1_worker_is_idle_and_warm_as_well(stocked: Farm) -> None:
    old = stocked.write(partial(fleet.register_worker, name="old", targets=[Target.EMULATOR], metadata={}))
    for _ in range(2):
        stocked.submit(a_request())
        job = stocked.decide(partial(protocol1.heartbeat, worker_id=old)).next_job
        assert job is not None
        for status in ("running", "completed"):
            stocked.write(partial(protocol1.change_job, job_id=job.job_id, worker_id=old, status=status))
        stocked.clock.advance(25)

    assert stocked.read(ask.stats).ledger.idle_seconds == 25


def test_what_was_done_for_a_run_stays_in_the_days_and_totals_when_the_run_is_let_go_of(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    run_id = push(stocked, worker, install_s=4)
    before = by_day(stocked)
    stocked.clock.advance(A_MINUTE_S)
    stocked.write(lambda tx: retention.forget_jobs(tx, before=tx.now, after=0))

    assert by_day(stocked) == before
    with pytest.raises(NotFound):
        of_run(stocked, run_id)


def test_runs_come_in_pages_oldest_first_and_only_those_of_the_days_asked_for(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    push(stocked, worker, install_s=4)
    stocked.clock.advance(A_DAY_S)
    runs = [push(stocked, worker) for _ in range(3)]
    ask_runs = partial(ask.ledger_by_run, org_id=ORG, since=today(stocked), until=None, limit=2)
    first = stocked.read(ask_runs)
    second = stocked.read(partial(ask_runs, cursor=first.page.next_cursor))

    assert [each.run_id for page in (first, second) for each in page.page.items] == runs
    assert (len(first.page.items), second.page.next_cursor) == (2, None)
    assert all(each.entry.stock is None for each in first.page.items)  # nothing was installed on that day


def test_days_come_in_pages_of_so_many_days(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    since = today(stocked)
    push(stocked, worker, install_s=4)
    stocked.clock.advance(3 * A_DAY_S)
    push(stocked, worker)
    ask_days = partial(ask.ledger_by_day, org_id=ORG, since=since, until=None, limit=2)
    first = stocked.read(ask_days)
    second = stocked.read(partial(ask_days, cursor=first.page.next_cursor))

    assert [[each.day for each in page.page.items] for page in (first, second)] == [[since], [today(stocked)]]
    assert second.page.next_cursor is None


def test_orgs_come_in_pages_by_their_names(stocked: Farm) -> None:
    for org in ("b", "a"):
        stocked.stock("v1", org=org)
        stocked.submit(a_request(org=org))
    ask_orgs = partial(ask.ledger_by_org, org_id=None, since=None, until=None, limit=1)
    first = stocked.read(ask_orgs)
    second = stocked.read(partial(ask_orgs, cursor=first.page.next_cursor))

    assert [each.org_id for page in (first, second) for each in page.page.items] == ["a", "b"]
    assert second.page.next_cursor is None


@pytest.mark.parametrize("cursor", ["x", "1", "1.", ".1", "-1.2", "1" * 30 + ".1", "2026-13-01"])
def test_a_cursor_that_was_not_given_is_refused(farm: Farm, cursor: str) -> None:
    for question in (ask.ledger_by_day, ask.ledger_by_run):
        with pytest.raises(InvalidRequest, match=r"^cursor is none"):
            farm.read(partial(question, org_id=ORG, since=None, until=None, limit=2, cursor=cursor))


def test_a_run_of_another_org_is_not_found(stocked: Farm) -> None:
    run_id = stocked.submit_run(a_request()).run_id

    with pytest.raises(NotFound):
        stocked.read(partial(ask.ledger_of_run, run_id=run_id, org_id=OrgId("rival"), since=None, until=None))
