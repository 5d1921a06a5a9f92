"""Every promise is seen to be broken where it is: a checker that finds nothing must be known to find."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from chaos import project, promises
from chaos.diary import Accepted, Diary, Ending
from chaos.promises import Promise
from chaos.records import Installs, Records

JOB = "job-1"
V1 = project.hash_of("acme", "v1")
V2 = project.hash_of("acme", "v2")
WORKER = "host-1/fake-1 (fake)"


def a_job(**fields: Any) -> dict[str, Any]:
    job = {"job_id": JOB, "number": 1, "run_number": 1, "group_id": "g", "org_id": "acme", "app_version_id": "v1"}
    job |= {"test_path": project.spec("passes", 1), "timeout_s": None, "queue_timeout_s": None, "retry_of": None}
    job |= {
        "status": "completed",
        "verdict": "passed",
        "error_message": None,
        "retry_count": 0,
        "infra_count": 0,
        "lease": None,
    }
    job |= {"reset": "clear", "passed": 3, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}
    return {**job, "attempt": 1, "worker_id": None, **fields}


def an_attempt(**fields: Any) -> dict[str, Any]:
    attempt = {"job_id": JOB, "number": 1, "lease": 1, "started_at": 5, "verdict": "passed", "fault": None}
    attempt["loss"] = None
    return {**attempt, **fields}


def a_case(attempt: int, line: int, status: str = "passed", *, late: int = 0) -> dict[str, Any]:
    return {"job_id": JOB, "attempt": attempt, "case_id": f"case-{line}", "status": status, "late": late}


def a_lease(**fields: Any) -> dict[str, Any]:
    return {"token": 1, "org_id": "acme", "app_version_id": "v1", "sha256": V1, **fields}


def a_fact(kind: str, **fields: Any) -> dict[str, Any]:
    return {"fact_id": 1, "kind": kind, "org_id": "acme", "job_id": JOB, "data": {}, **fields}


def granted(token: int) -> dict[str, Any]:
    return a_fact("lease_granted", job_id=None, data={"token": token, "jobs": [JOB]})


def an_install(sha256: str) -> dict[str, Any]:
    return {"worker_id": "w", "done": 1, "sha256": sha256}


def records(
    *,
    job: Mapping[str, Any] | None = None,
    attempts: Sequence[Mapping[str, Any]] | None = None,
    cases: Sequence[Mapping[str, Any]] = (),
    leases: Sequence[Mapping[str, Any]] | None = None,
    installs: Sequence[Mapping[str, Any]] = (),
    facts: Sequence[Mapping[str, Any]] = (),
    device: Installs | None = None,
    undelivered: Sequence[str] = (),
    errors: Sequence[str] = (),
    group_of: str = "acme",
) -> Records:
    """Records of a run with one job that passed, but for what is told otherwise."""
    return Records(
        tables={
            "jobs": [job or a_job()],
            "runs": [{"number": 1, "org_id": "acme"}],
            "groups": [{"group_id": "g", "org_id": group_of}],
            "leases": [a_lease()] if leases is None else leases,
            "attempts": [an_attempt()] if attempts is None else attempts,
            "cases": cases,
            "installs": installs,
            "workers": [{"worker_id": "w", "name": WORKER}],
        },
        facts=facts,
        devices=[] if device is None else [device],
        undelivered={"host-1": undelivered},
        server_errors=errors,
        agent_errors=(),
    )


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """Of a user whose one job was accepted."""
    diary = Diary(path=tmp_path / "diary.jsonl")
    diary.accept(accepted())
    return diary


def accepted(**fields: Any) -> Accepted:
    terms = {"job_id": JOB, "org_id": "acme", "app_version_id": "v1", "test_path": project.spec("passes", 1)}
    limits = {"max_retries": None, "timeout_s": None, "queue_timeout_s": None, "reset": "clear"}
    return Accepted(**{**terms, **limits, "retry_of": None, **fields})


def broken(promise: Promise, found: Records, diary: Diary) -> list[str]:
    return [sentence.partition(":")[0] for sentence in promise(found, diary)]


def test_a_run_in_which_all_went_well_breaks_nothing(diary: Diary) -> None:
    diary.see(JOB, Ending(status="completed", verdict="passed", completed_at="now"))
    diary.heard.add(JOB)
    well = records(
        facts=[granted(1), a_fact("job_again"), granted(2), a_fact("job_ended")],
        installs=[an_install(V1), an_install(V2)],
        device=Installs(worker_name=WORKER, hashes=[V1, V2], may_be_lost=0),
    )
    assert [sentence for promise in promises.PROMISES for sentence in promise(well, diary)] == []


@pytest.mark.parametrize(
    "job",
    [
        a_job(job_id="another"),
        a_job(status="pending", verdict=None),
        a_job(status="running", verdict=None),
    ],
    ids=["lost", "waits for ever", "runs for ever"],
)
def test_an_accepted_job_that_does_not_end(diary: Diary, job: Mapping[str, Any]) -> None:
    assert "promise 1" in broken(promises.accepted_jobs_end_once, records(job=job), diary)


def test_a_job_that_nobody_was_told_of(diary: Diary) -> None:
    diary.jobs.clear()
    assert broken(promises.accepted_jobs_end_once, records(), diary) == ["promise 1"]


def test_a_final_state_that_changed_afterwards(diary: Diary) -> None:
    diary.see(JOB, Ending(status="failed", verdict="failed", completed_at="now"))
    assert broken(promises.accepted_jobs_end_once, records(), diary) == ["promise 1"]


def test_a_final_state_that_changed_before_a_user_s_eyes(diary: Diary) -> None:
    diary.see(JOB, Ending(status="failed", verdict="failed", completed_at="now"))
    diary.see(JOB, Ending(status="failed", verdict="failed", completed_at="later"))
    assert len(diary.complaints) == 1


def test_a_job_that_is_not_what_was_asked_for(diary: Diary) -> None:
    found = records(job=a_job(test_path=project.spec("fails", 1)))
    assert broken(promises.jobs_are_as_they_were_submitted, found, diary) == ["promise 1"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([granted(1), granted(2), a_fact("job_ended")], ["promise 2"]),
        ([granted(1), a_fact("job_ended"), granted(2), a_fact("job_returned")], ["promise 1", "promise 1"]),
        ([granted(1), a_fact("job_ended"), a_fact("job_ended")], ["promise 1"]),
        ([granted(1)], ["promise 2"]),
        ([granted(1), granted(1), a_fact("job_ended")], []),
    ],
    ids=["two leases", "leased after its end", "ended twice", "never left", "told to two runs"],
)
def test_what_the_facts_tell_of_leases(diary: Diary, facts: Sequence[Mapping[str, Any]], expected: list[str]) -> None:
    assert broken(promises.a_job_has_one_lease_at_a_time, records(facts=facts), diary) == expected


@pytest.mark.parametrize(
    ("counted", "seen", "may_be_lost", "expected"),
    [
        ([V1], [V1, V2], 1, []),
        ([V1], [V1, V2], 0, ["promise 4"]),
        ([V1, V1], [V1], 5, ["promise 4"]),
        ([V2, V1], [V1, V2], 5, ["promise 4"]),
        ([V2], [], 5, ["promise 4"]),
    ],
    ids=["killed before it could tell", "untold", "counted twice", "in another order", "made up"],
)
def test_installs_that_are_not_what_a_device_saw(
    diary: Diary, counted: Sequence[str], seen: Sequence[str], may_be_lost: int, expected: list[str]
) -> None:
    device = Installs(worker_name=WORKER, hashes=seen, may_be_lost=may_be_lost)
    found = records(installs=[an_install(each) for each in counted], device=device)
    assert broken(promises.installs_are_what_devices_did, found, diary) == expected


@pytest.mark.parametrize(
    ("outcome", "verdict", "status", "expected"),
    [
        ("passes", "failed", "failed", ["promise 5"]),
        ("passes", "infra_error", "failed", []),
        ("dies", "failed", "failed", ["promise 5"]),
        ("fails", "passed", "completed", ["promise 5"]),
        ("slow", "timed_out", "failed", ["promise 5"]),
        ("slow", "flaky", "completed", ["promise 5"]),
        ("passes", "cancelled", "cancelled", ["promise 5"]),
        ("passes", "passed", "failed", ["promise 1"]),
    ],
)
def test_a_job_that_ends_otherwise_than_its_spec_is_written(
    diary: Diary, outcome: str, verdict: str, status: str, expected: list[str]
) -> None:
    diary.accept(accepted(test_path=project.spec(outcome, 1)))
    found = records(job=a_job(verdict=verdict, status=status))
    assert broken(promises.failures_are_the_tests_own, found, diary) == expected


def test_a_job_may_end_as_its_user_wished(diary: Diary) -> None:
    diary.accept(accepted(test_path=project.spec("slow", 1), timeout_s=project.SHORT_LIMIT_S))
    diary.wishes_to_cancel.add(JOB)
    for verdict, status in (("cancelled", "cancelled"), ("timed_out", "failed"), ("flaky", "completed")):
        found = records(job=a_job(verdict=verdict, status=status))
        assert broken(promises.failures_are_the_tests_own, found, diary) == []


@pytest.mark.parametrize(
    ("job", "attempt"),
    [
        (a_job(retry_count=1), an_attempt(verdict="infra_error", fault="infrastructure")),
        (a_job(retry_count=3), an_attempt()),
        (a_job(infra_count=4), an_attempt()),
        (a_job(), an_attempt(verdict="failed", fault="test")),
    ],
    ids=["infrastructure spent a retry", "too many retries", "too often for infrastructure", "blamed on the test"],
)
def test_attempts_that_the_wrong_budget_paid_for(
    diary: Diary, job: Mapping[str, Any], attempt: Mapping[str, Any]
) -> None:
    diary.accept(accepted(max_retries=2))
    found = records(job=job, attempts=[attempt])
    assert set(broken(promises.budgets_are_kept_apart, found, diary)) == {"promise 5"}


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ({"passed": 2, "flaky": 1, "verdict": "flaky"}, []),
        ({"passed": 2, "failed": 1, "verdict": "failed", "status": "failed"}, []),
        ({"passed": 0, "verdict": "infra_error", "status": "failed"}, []),
        ({"passed": 1}, ["promise 4"]),
        ({"passed": 3, "flaky": 1, "verdict": "flaky"}, ["promise 4"]),
        ({"passed": 2, "failed": 1}, ["promise 4"]),
        ({"passed": 3, "verdict": "failed", "status": "failed"}, ["promise 4"]),
        ({"not_run": 1, "verdict": "infra_error", "status": "failed"}, ["promise 4"]),
    ],
    ids=[
        "flaky",
        "failed",
        "lost",
        "only what ran last",
        "counted twice",
        "failed and passes",
        "passed and fails",
        "lost, and twice",
    ],
)
def test_cases_that_do_not_count_once_each(diary: Diary, job: Mapping[str, Any], expected: list[str]) -> None:
    assert broken(promises.each_case_counts_once, records(job=a_job(**job)), diary) == expected


FIRST = [a_case(1, 1), a_case(1, 2, "failed"), a_case(1, 3, "not_run")]
FAILED = an_attempt(verdict="failed", fault="test")
SILENT = an_attempt(verdict="infra_error", fault="infrastructure", loss="agent")
SECOND = an_attempt(number=2)


@pytest.mark.parametrize(
    ("attempts", "cases", "expected"),
    [
        ([FAILED, SECOND], [*FIRST, a_case(2, 2), a_case(2, 3)], []),
        ([FAILED, SECOND], [*FIRST, a_case(2, 1), a_case(2, 2), a_case(2, 3)], ["promise 5"]),
        ([SILENT, SECOND], [*FIRST, a_case(2, 1), a_case(2, 2), a_case(2, 3)], []),
        ([FAILED, SECOND], [*FIRST[:2], a_case(1, 3, late=1), a_case(2, 2), a_case(2, 3)], []),
        ([FAILED, SECOND], [a_case(1, 1), a_case(1, 2), a_case(2, 1), a_case(2, 2)], []),
        (
            [FAILED, an_attempt(number=2, verdict="infra_error", loss="agent"), an_attempt(number=3)],
            [*FIRST, a_case(2, 2), a_case(3, 2), a_case(3, 3)],
            ["promise 5"],
        ),
    ],
    ids=["what is left", "all", "after silence", "passed too late", "when nothing is left", "lost in between"],
)
def test_cases_that_run_although_they_have_passed(
    diary: Diary, attempts: Sequence[Mapping[str, Any]], cases: Sequence[Mapping[str, Any]], expected: list[str]
) -> None:
    found = records(attempts=attempts, cases=cases)
    assert broken(promises.what_passed_is_not_run_again, found, diary) == expected


def test_cases_that_build_upon_one_another_run_again_together(diary: Diary) -> None:
    diary.accept(accepted(reset="keep"))
    found = records(attempts=[FAILED, SECOND], cases=[*FIRST, a_case(2, 1), a_case(2, 2), a_case(2, 3)])
    assert broken(promises.what_passed_is_not_run_again, found, diary) == []


def test_a_report_that_was_heard_and_did_not_count(diary: Diary) -> None:
    diary.heard.add(JOB)
    found = records(job=a_job(verdict="infra_error"))
    assert broken(promises.heard_reports_count, found, diary) == ["promise 1"]


@pytest.mark.parametrize(
    "found",
    [
        records(group_of="globex"),
        records(leases=[a_lease(org_id="globex", sha256=project.hash_of("globex", "v1"))]),
        records(leases=[a_lease(sha256=project.hash_of("globex", "v1"))]),
        records(facts=[a_fact("job_ended", org_id="globex")]),
    ],
    ids=["group", "lease", "bytes", "fact"],
)
def test_what_is_of_another_org(diary: Diary, found: Records) -> None:
    assert broken(promises.orgs_do_not_mix, found, diary) == ["promise 7"]


def test_what_an_agent_kept_to_itself(diary: Diary) -> None:
    assert broken(promises.nothing_is_left_untold, records(undelivered=["7"]), diary) == ["us"]


def test_an_error_that_nobody_foresaw(diary: Diary) -> None:
    assert broken(promises.nobody_was_surprised, records(errors=["server-1: KeyError"]), diary) == ["us"]
