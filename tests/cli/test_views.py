from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from inline_snapshot import snapshot

from qgjob.cli.say import Block
from qgjob.cli.tables import Table, draw
from qgjob.cli.views.estimates import times_of_installs_view, times_of_tests_view
from qgjob.cli.views.explained import job_explained, worker_explained
from qgjob.cli.views.fact import Names, fact_line
from qgjob.cli.views.farm import stats_view, workers_view
from qgjob.cli.views.job import job_view, jobs_table
from qgjob.cli.views.ledger import ledger_view
from qgjob.cli.views.moments import duration, moment
from qgjob.cli.views.prospect import prospect_lines
from qgjob.cli.views.run import run_view
from qgjob.wire.prospects import DecisionShown, EtaShown, JobDetail, JobExplained, WorkerExplained
from tests.cli.answers import (
    JOB_ID,
    RUN_ID,
    a_case,
    a_fact,
    a_job,
    a_known_install,
    a_known_test,
    a_ledger_page,
    a_run,
    a_worker,
    an_attempt,
)

NOW = datetime(2026, 11, 23, 3, 50, tzinfo=timezone(timedelta(hours=1), "CET"))


def shown(view: Iterable[Block]) -> str:
    return "\n".join(draw(block, width=None, colour=False) if isinstance(block, Table) else block for block in view)


def test_a_failed_job_shows_its_cases_what_they_said_and_where_the_evidence_is() -> None:
    total_is_wrong = "Error: total is wrong\n    at checkout.spec.js:14"
    attempts = [
        an_attempt(1, [a_case("cart › pays", "failed", errors=[total_is_wrong]), a_case("cart › opens", "timedOut")]),
        an_attempt(
            2, [a_case("cart › pays", "failed", errors=["again"]), a_case("cart › opens", "passed")], evidence=2
        ),
    ]
    assert shown(job_view(a_job(), attempts, now=NOW)) == snapshot("""\
Job ID: 0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a
Status: FAILED
Verdict: failed
Test: tests/cart.spec.js
App version: 2.0.0
Org: acme
Target: emulator, android
Priority: normal
Run ID: 0192f0c1-0000-7000-8000-000000000001
Worker: worker-0a1b2c
Retries: 1 of at most 1
Created: 2026-11-23 02:47:05 UTC
Started: 2026-11-23 02:47:10 UTC
Completed: 2026-11-23 02:49:35 UTC (2 min 30 s after it was submitted)
Why: 1 of 2 cases failed: total is wrong

Attempt  Verdict  Worker           Time  Message
      1  failed   Virtual 1  1 min 10 s  1 of 2 cases failed
      2  failed   Virtual 1  1 min 10 s  1 of 2 cases failed

Cases: 2 total, 1 failed, 1 flaky
Case          Result    Attempt   Time
cart › pays   failed          1  4.2 s
cart › opens  timedOut        1  4.2 s
cart › pays   failed          2  4.2 s
cart › opens  passed          2  4.2 s

✗ cart › pays (attempt 1, tests/cart.spec.js:12)
    Error: total is wrong
        at checkout.spec.js:14

✗ cart › opens (attempt 1, tests/cart.spec.js:12)

✗ cart › pays (attempt 2, tests/cart.spec.js:12)
    again

Evidence: 2 files; download with: qgjob evidence 0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a --to DIR\
""")


def test_what_is_excused_says_why_it_decides_nothing() -> None:
    job, run = a_job() | {"excused": True}, a_run() | {"excused": {"failed": 1, "flaky": 2}}

    assert "Excused: only muted cases made it so, and it decides nothing" in shown(job_view(job, [], now=NOW))
    assert shown(run_view(run, [], now=NOW)).splitlines()[5:7] == [
        "Verdicts: 1 total, 1 failed",
        "Excused: 3; only muted cases made them fail or flaky, so they decide nothing",
    ]
    assert "failed (excused)" in shown(run_view(run, [job], now=NOW))
    assert "(excused)" not in shown(run_view(run, [a_job()], now=NOW))


def test_a_waiting_job_shows_only_what_there_is() -> None:
    job = a_job() | {
        "status": "pending",
        "verdict": None,
        "started_at": None,
        "completed_at": None,
        "worker_id": None,
        "error_message": None,
    }
    assert shown(job_view(job, [], now=NOW)) == snapshot("""\
Job ID: 0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a
Status: PENDING
Test: tests/cart.spec.js
App version: 2.0.0
Org: acme
Target: emulator, android
Priority: normal
Run ID: 0192f0c1-0000-7000-8000-000000000001
Retries: 1 of at most 1
Created: 2026-11-23 02:47:05 UTC\
""")


def test_a_failure_that_the_test_expects_is_none() -> None:
    view = shown(job_view(a_job(), [an_attempt(1, [a_case("known bug", "failed", expected="failed")])], now=NOW))
    assert "Cases: 1 total, 1 passed" in view
    assert "failed as expected" in view
    assert "✗" not in view


def test_late_executions_are_shown_and_not_counted() -> None:
    late = an_attempt(1, [a_case("pays", "failed")]) | {"late": True}
    view = shown(job_view(a_job(), [late, an_attempt(2, [a_case("pays", "passed")])], now=NOW))
    assert "Cases: 1 total, 1 passed" in view
    assert "failed, late" in view


def test_a_list_of_jobs_has_the_full_ids() -> None:
    assert shown([jobs_table([a_job()])]) == snapshot("""\
Job ID                                Status  Verdict  Test                App version  Org   Created
0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a  FAILED  failed   tests/cart.spec.js  2.0.0        acme  2026-11-23 02:47:05 UTC\
""")


def test_a_run_counts_its_jobs_and_cases() -> None:
    assert shown(run_view(a_run(), [a_job()], now=NOW)) == snapshot("""\
Run ID: 0192f0c1-0000-7000-8000-000000000001
Status: RUNNING
Org: acme
Created: 2026-11-23 02:47:05 UTC
Jobs: 3 total, 1 failed, 2 running
Verdicts: 1 total, 1 failed
Cases: 3 total, 2 passed, 1 failed

Job ID                                Status  Verdict  Test                App version  Org   Created
0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a  FAILED  failed   tests/cart.spec.js  2.0.0        acme  2026-11-23 02:47:05 UTC
and 2 more

✗ tests/cart.spec.js: 1 of 2 cases failed: total is wrong
    more with: qgjob status 0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a\
""")


def test_a_worker_shows_its_device_and_what_it_holds() -> None:
    empty = a_worker() | {"installed": None, "model": "", "platform": None, "os_version": "", "current_jobs": []}
    assert shown(workers_view([a_worker(), empty])) == snapshot("""\
Worker ID      Name       Device                     Targets   Status  Installed      Jobs  Last heartbeat
worker-0a1b2c  Virtual 1  Virtual Pixel, android 14  emulator  busy    2.0.0 of acme     1  2026-11-23 02:49:35 UTC
worker-0a1b2c  Virtual 1  -                          emulator  busy    -                 0  2026-11-23 02:49:35 UTC\
""")


def test_the_ledger_stands_beside_the_jobs() -> None:
    view = stats_view(
        {
            "total_jobs": 12,
            "pending_jobs": 1,
            "queued_jobs": 2,
            "running_jobs": 3,
            "completed_jobs": 4,
            "failed_jobs": 1,
            "cancelled_jobs": 1,
            "total_groups": 2,
            "total_workers": 2,
            "active_workers": 1,
            "installs": 6,
            "installs_stock": 40,
            "installs_avoided": 34,
            "install_seconds": 61.2,
            "test_seconds": 7325.0,
            "idle_seconds": 12.0,
            "sessions": 40,
        }
    )
    assert shown(view) == snapshot("""\
What                           How much
Jobs                                 12
  pending                             1
  queued                              2
  running                             3
  completed                           4
  failed                              1
  cancelled                           1
Groups                                2
Workers                               2
  active                              1
Sessions on devices                  40
Installs done                         6
Installs of stock Appwright          40
Installs avoided                     34
Device time installing       1 min 01 s
Device time testing          2 h 02 min
Device time idle and warm        12.0 s\
""")


def test_a_worker_in_quarantine_says_until_when_and_why() -> None:
    kept = a_worker() | {
        "status": "quarantined",
        "quarantined_until": "2026-11-23T03:00:00+00:00",
        "quarantine_reason": "3 leases in a row were lost to infrastructure. The last time: device gone\nand more",
    }
    assert shown(workers_view([kept])).splitlines()[2:] == [
        "",
        "✗ Virtual 1: in quarantine until 2026-11-23 03:00:00 UTC, then on probation",
        "    3 leases in a row were lost to infrastructure. The last time: device gone",
    ]


def test_a_run_with_a_retry_budget_says_what_is_spent_of_it() -> None:
    assert (
        "Retries: 2 of at most 5"
        in shown(run_view(a_run() | {"retry_budget": 5, "retries": 2}, [], now=NOW)).splitlines()
    )


NAMES = Names(tests={JOB_ID: "tests/login.spec.ts"}, workers={"w1": "Virtual Android 1"})


def line(kind: str, *, job_id: str | None = JOB_ID, worker_id: str | None = None, **data: object) -> str | None:
    return fact_line(a_fact(kind, job_id=job_id, worker_id=worker_id, **data), NAMES)


def test_a_fact_is_one_line_with_the_names_that_people_use() -> None:
    assert line("attempt_started", worker_id="w1", attempt=1) == (
        "02:47:05  tests/login.spec.ts  attempt 1 started  [Virtual Android 1]"
    )
    assert line("case_ended", status="failed", title="cart › pays", seconds=2) == (
        "02:47:05  tests/login.spec.ts  failed: cart › pays (2.0 s)"
    )
    assert line("job_ended", verdict="passed", message=None) == "02:47:05  tests/login.spec.ts  passed"
    assert line("job_ended", verdict="app_error", message="no launcher") == (
        "02:47:05  tests/login.spec.ts  app_error: no launcher"
    )


def test_installations_are_told_with_what_they_took() -> None:
    version = {"app_version_id": "2.0.0"}
    assert line("install_started", job_id=None, worker_id="w2", **version) == "02:47:05  installing 2.0.0  [w2]"
    assert line("install_done", job_id=None, reused=False, seconds=3.21, **version) == (
        "02:47:05  installed 2.0.0 in 3.2 s"
    )
    assert line("install_done", job_id=None, reused=True, **version) == "02:47:05  2.0.0 is installed already"


def test_another_attempt_is_told_with_what_became_of_the_last() -> None:
    assert line("job_again", attempt=1, spends="test", message="1 of 2 cases failed") == (
        "02:47:05  tests/login.spec.ts  attempt 1 failed, will run again: 1 of 2 cases failed"
    )
    assert line("job_again", attempt=2, spends="infrastructure", message=None) == (
        "02:47:05  tests/login.spec.ts  attempt 2 was lost to infrastructure, will run again"
    )
    assert line("job_again", attempt=3, spends=None, message=None) == (
        "02:47:05  tests/login.spec.ts  attempt 3 was lost with its host, will run again"
    )


def test_an_unknown_fact_is_shown_and_one_without_news_is_not() -> None:
    assert line("a_new_kind", job_id="unknown") == "02:47:05  unknown  a new kind"
    assert line("lease_granted", token=3) is None


def test_times_and_lengths_of_time_are_for_people() -> None:
    assert moment("2026-11-23T03:47:05.9+01:00") == "2026-11-23 02:47:05 UTC"
    assert moment(None) == "-"
    assert [duration(seconds) for seconds in (0, 59.94, 61, 3599.6, 7325)] == [
        "0.0 s",
        "59.9 s",
        "1 min 01 s",
        "1 h 00 min",
        "2 h 02 min",
    ]


def test_a_ledger_says_what_was_done_and_what_it_would_have_been_otherwise() -> None:
    assert shown(ledger_view(a_ledger_page("day", day="2026-11-23", idle_seconds=600.0))) == snapshot("""\
Day         Installs  Stock  By group  Avoided  Installing       Stock  By group     Testing         Idle
2026-11-23         3     40         2       37      12.0 s  2 min 40 s     8.0 s  6 min 40 s  10 min 00 s\
""")


def test_a_ledger_has_no_figure_for_what_nobody_measured() -> None:
    page = a_ledger_page(
        "run", run_id=RUN_ID, submitted_at="2026-11-23T02:47:05+00:00", stock_install_seconds=None, unmeasured=12
    )
    assert shown(ledger_view(page)) == snapshot("""\
Run ID                                Installs  Stock  By group  Avoided  Installing  Stock  By group     Testing  Idle
0192f0c1-0000-7000-8000-000000000001         3     40         2       37      12.0 s      -     8.0 s  6 min 40 s     -

What 12 installs of stock Appwright would have taken was not measured from 2026-10-25 to 2026-11-23.\
""")


def test_estimates_say_how_many_samples_they_rest_on() -> None:
    assert shown(times_of_tests_view([a_known_test()])) == snapshot("""\
Test                Target    Platform    Time  Samples
tests/cart.spec.js  emulator  android   12.2 s        7\
""")


def test_estimates_of_installs_are_by_model() -> None:
    assert shown(times_of_installs_view([a_known_install()])) == snapshot("""\
Package           Target    Platform  Model      Time  Samples
com.example.shop  emulator  not said  not said  4.0 s        1\
""")


def a_waiting_job() -> JobDetail:
    job = a_job()
    job["status"], job["verdict"], job["error_message"] = "pending", None, None
    job["waiting"] = {
        "kind": "in_line",
        "sentence": "It is behind 3 jobs of its own group, for about 4 min.",
        "jobs": 3,
        "groups": 0,
        "jobs_of_groups": 0,
        "at_least": False,
        "until_at": "2026-11-23T02:54:00+00:00",
    }
    job["eta"] = {
        "start_about_at": "2026-11-23T02:54:00+00:00",
        "done_about_at": "2026-11-23T02:55:00+00:00",
        "not_before_at": None,
    }
    return job


def expected_of(eta: EtaShown) -> str:
    (line,) = prospect_lines(None, eta, now=NOW)
    return line


def test_a_waiting_job_says_why_and_when_by_the_readers_own_clock() -> None:
    assert shown(job_view(a_waiting_job(), [], now=NOW)).splitlines()[-2:] == [
        "Waiting: It is behind 3 jobs of its own group, for about 4 min.",
        "Expected: starts in about 4 min (03:54:00 CET), done in about 5 min (03:55:00 CET)",
    ]


def test_what_is_done_on_another_day_names_the_day() -> None:
    eta = EtaShown(start_about_at=None, done_about_at="2026-11-24T02:50:00+00:00", not_before_at=None)

    assert expected_of(eta) == "Expected: done in about 24 h 0 min (2026-11-24 03:50:00 CET)"


def test_what_cannot_be_told_is_not_told() -> None:
    later = EtaShown(start_about_at=None, done_about_at=None, not_before_at="2026-11-23T03:20:00+00:00")
    overdue = EtaShown(start_about_at=None, done_about_at=None, not_before_at="2026-11-23T02:49:59+00:00")
    never = EtaShown(start_about_at=None, done_about_at=None, not_before_at=None)

    assert expected_of(later) == "Expected: not done before 04:20:00 CET; how much later cannot be told yet"
    assert expected_of(overdue) == "Expected: done at any moment; it takes longer than it did before"
    assert list(prospect_lines(None, never, now=NOW)) == []


def a_decision(attempt: int | None) -> DecisionShown:
    return {
        "lease": 17,
        "attempt": attempt,
        "worker_id": "worker-0a1b2c",
        "worker_name": "Pixel",
        "org_id": "acme",
        "app_version_id": "1.2.3",
        "group_id": "group-77",
        "job_ids": [JOB_ID, "two"],
        "granted_at": "2026-11-23T02:47:05+00:00",
        "ended_at": None,
        "reason": "its app version is installed here already: saves about 41 s",
        "choice": {"because": "installed", "install_s": 0.0, "saves_s": 41.0},
    }


def test_an_explained_job_shows_the_figures_and_every_decision() -> None:
    job = a_waiting_job()
    explained = JobExplained(
        job_id=JOB_ID, status="pending", waiting=job["waiting"], eta=job["eta"], decisions=[a_decision(1)]
    )

    assert shown(job_explained(explained, now=NOW)) == snapshot("""\
Job ID: 0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a
Status: PENDING
Waiting: It is behind 3 jobs of its own group, for about 4 min.
Expected: starts in about 4 min (03:54:00 CET), done in about 5 min (03:55:00 CET)

What            Value
kind            in_line
jobs            3
groups          0
jobs_of_groups  0
at_least        False
until_at        2026-11-23T02:54:00+00:00

Lease  Worker  App version  Jobs  Given                    Because
   17  Pixel   1.2.3           2  2026-11-23 02:47:05 UTC  its app version is installed here already: saves about 41 s\
""")


def test_an_explained_worker_shows_why_it_works_on_what() -> None:
    explained = WorkerExplained(
        worker_id="worker-0a1b2c",
        name="Virtual 1",
        status="busy",
        occupation={
            "kind": "working",
            "sentence": ("It was given 2 jobs for 1.2.3: its app version is installed here already: saves about 41 s."),
            "app_version_id": "1.2.3",
            "jobs": 2,
        },
        last=a_decision(None),
    )

    assert shown(worker_explained(explained)) == snapshot("""\
Worker ID: worker-0a1b2c
Name: Virtual 1
Status: BUSY
Why: It was given 2 jobs for 1.2.3: its app version is installed here already: saves about 41 s.

What            Value
kind            working
app_version_id  1.2.3
jobs            2

Lease  Worker  App version  Jobs  Given                    Because
   17  Pixel   1.2.3           2  2026-11-23 02:47:05 UTC  its app version is installed here already: saves about 41 s\
""")
