"""The promises, each as a question to the records of a run: it yields a sentence for everything that breaks it.

What a single look at the database can tell is asked by `qgjob.service.check`; here is what needs the users' diary, the
devices' own records, or the order in which things happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from chaos import project
from chaos.diary import Accepted, Diary
from chaos.records import Records, Row
from qgjob.core.retry import INFRASTRUCTURE_BUDGET

Promise = Callable[[Records, Diary], Iterator[str]]

_FINAL = frozenset({"completed", "failed", "cancelled"})
_STATUS_OF = {"passed": "completed", "flaky": "completed", "cancelled": "cancelled"}
_COUNTS = ("passed", "failed", "flaky", "skipped", "not_run")
_DECIDED_BY_ITS_TEST = frozenset({"passed", "flaky", "failed"})
_LEAVES_ITS_LEASE = frozenset({"job_again", "job_returned", "job_ended"})


def accepted_jobs_end_once(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 1: what was accepted is there and final, as it was seen, and nothing else is there."""
    rows = {str(row["job_id"]): row for row in records["jobs"]}
    for job_id, accepted in diary.jobs.items():
        row = rows.get(job_id)
        if row is None:
            yield f"promise 1: job {job_id} was accepted and is not in the database"
        elif row["status"] not in _FINAL:
            yield f"promise 1: job {job_id} ({accepted.test_path}) never ended: it is {_standing(row)}"
        elif (seen := diary.endings.get(job_id)) and (seen.status, seen.verdict) != (row["status"], row["verdict"]):
            yield f"promise 1: job {job_id} was seen as {seen} and is {row['status']}, {row['verdict']} in the end"
    for job_id in rows.keys() - diary.jobs.keys():
        yield f"promise 1: job {job_id} ({rows[job_id]['test_path']}) is in the database and was accepted by nobody"


def jobs_are_as_they_were_submitted(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 1: an accepted job is the one that was asked for."""
    for row in records["jobs"]:
        accepted = diary.jobs.get(str(row["job_id"]))
        if accepted is None:
            continue
        for name in ("org_id", "app_version_id", "test_path", "timeout_s", "queue_timeout_s", "reset", "retry_of"):
            if row[name] != getattr(accepted, name):
                asked = getattr(accepted, name)
                yield f"promise 1: job {accepted.job_id} was submitted with {name} {asked!r} and has {row[name]!r}"


def a_job_has_one_lease_at_a_time(records: Records, _diary: Diary) -> Iterator[str]:
    """Promise 2, as the facts tell it: no job is leased while it is, nor after its end."""
    holds: dict[str, object] = {}
    ended, granted = set[str](), set[object]()
    for fact in records.facts:
        data = cast("Mapping[str, object]", fact["data"])
        if fact["kind"] == "lease_granted" and data["token"] not in granted:
            granted.add(data["token"])
            for job_id in cast("Sequence[str]", data["jobs"]):
                if job_id in holds:
                    yield f"promise 2: lease {data['token']} was granted for job {job_id}, which {holds[job_id]} holds"
                if job_id in ended:
                    yield f"promise 1: lease {data['token']} was granted for job {job_id}, which had ended"
                holds[job_id] = data["token"]
        elif fact["kind"] in _LEAVES_ITS_LEASE:
            job_id = str(fact["job_id"])
            holds.pop(job_id, None)
            if job_id in ended:
                yield f"promise 1: {fact['kind']} was told of job {job_id}, which had ended"
            if fact["kind"] == "job_ended":
                ended.add(job_id)
    for job_id, token in holds.items():
        yield f"promise 2: job {job_id} never left lease {token}"


def installs_are_what_devices_did(records: Records, _diary: Diary) -> Iterator[str]:
    """Promise 4: what is counted is what each device did, in its order, but for what a killed agent took with it."""
    names = {row["worker_id"]: row["name"] for row in records["workers"]}
    counted: dict[object, list[str]] = defaultdict(list)
    for row in records["installs"]:
        if row["done"]:
            counted[names[row["worker_id"]]].append(str(row["sha256"]))
    for device in records.devices:
        told = counted.get(device.worker_name, [])
        if not _is_part_of(told, device.hashes) or len(told) + device.may_be_lost < len(device.hashes):
            yield (
                f"promise 4: of {device.worker_name} the installations {_short(told)} are counted, "
                f"and it saw {_short(device.hashes)}"
            )


def failures_are_the_tests_own(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 5: a job ends as its spec is written to end, or as infrastructure's fault, or as a person wished."""
    for row in records["jobs"]:
        accepted = diary.jobs.get(str(row["job_id"]))
        if accepted is None or row["verdict"] is None:
            continue
        outcome = project.outcome_of(accepted.test_path)
        allowed = set(map(str, project.MAY_END_AS[outcome])) | {"infra_error"}
        if accepted.job_id in diary.wishes_to_cancel or accepted.queue_timeout_s is not None:
            allowed.add("cancelled")
        if outcome == project.SLOW and accepted.timeout_s == project.SHORT_LIMIT_S:
            allowed |= set(map(str, project.MAY_BE_TOO_SLOW))
        if row["verdict"] not in allowed:
            yield (
                f"promise 5: job {accepted.job_id} ({accepted.test_path}, limit {accepted.timeout_s} s) "
                f"ended as {row['verdict']}: {row['error_message']}"
            )
        if row["status"] != _STATUS_OF.get(str(row["verdict"]), "failed"):
            yield f"promise 1: job {accepted.job_id} is {row['status']} with the verdict {row['verdict']}"


def budgets_are_kept_apart(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 5: each further attempt was paid for by whose fault the one before was."""
    attempts = _by_job([row for row in records["attempts"] if row["started_at"] is not None])
    for row in records["jobs"]:
        accepted = diary.jobs.get(str(row["job_id"]))
        if accepted is not None:
            yield from _spent_well(row, attempts[row["job_id"]], accepted)


def each_case_counts_once(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 4: over however many attempts, a job counts no case twice, and each when its test decided it."""
    for row in records["jobs"]:
        accepted = diary.jobs.get(str(row["job_id"]))
        if accepted is None:
            continue
        counts = {name: cast("int", row[name] or 0) for name in _COUNTS}
        counted, good = sum(counts.values()), counts["passed"] + counts["flaky"]
        total = project.cases_of(accepted.test_path)
        decided = row["verdict"] in _DECIDED_BY_ITS_TEST
        if counted > total or (decided and (counted < total or (good == total) != (row["verdict"] != "failed"))):
            yield (
                f"promise 4: job {accepted.job_id} ({accepted.test_path}) is {row['verdict']} with "
                f"{total} cases, and counts {counts}"
            )


def what_passed_is_not_run_again(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 5: once all cases of a job are known, no further attempt runs one that has passed, beside those left."""
    attempts, cases = _by_job(records["attempts"]), _by_job(records["cases"])
    for accepted in diary.jobs.values():
        if project.outcome_of(accepted.test_path) == project.OLD or accepted.reset == "keep":
            continue  # without lines, or each case builds upon the one before
        yield from _run_in_vain(accepted, attempts[accepted.job_id], cases[accepted.job_id])


def heard_reports_count(records: Records, diary: Diary) -> Iterator[str]:
    """Promise 1: a worker of protocol 1 whose success was taken has decided its job."""
    for row in records["jobs"]:
        if row["job_id"] in diary.heard and row["verdict"] not in {"passed", "flaky"}:
            yield f"promise 1: the worker of job {row['job_id']} was heard saying passed, and it is {row['verdict']}"


def orgs_do_not_mix(records: Records, _diary: Diary) -> Iterator[str]:
    """Promise 7: runs, groups, leases, attempts and facts of a job are of the job's own org, and so are its bytes."""
    jobs = {row["job_id"]: row for row in records["jobs"]}
    runs = {row["number"]: row for row in records["runs"]}
    groups = {row["group_id"]: row for row in records["groups"]}
    leases = {row["token"]: row for row in records["leases"]}
    for job_id, job in jobs.items():
        owners = {runs[job["run_number"]]["org_id"], groups[job["group_id"]]["org_id"]}
        if owners != {job["org_id"]}:
            yield f"promise 7: job {job_id} of {job['org_id']} is in a run and a group of {owners}"
    for attempt in records["attempts"]:
        job, lease = jobs[attempt["job_id"]], leases[attempt["lease"]]
        if (job["org_id"], job["app_version_id"]) != (lease["org_id"], lease["app_version_id"]):
            yield f"promise 7: job {job['job_id']} of {job['org_id']} was run in lease {lease['token']} of another"
    for lease in leases.values():
        expected = project.hash_of(str(lease["org_id"]), str(lease["app_version_id"]))
        if lease["sha256"] != expected:
            yield f"promise 7: lease {lease['token']} of {lease['org_id']} is for bytes that are not its own"
    for fact in records.facts:
        if fact["job_id"] is not None and fact["org_id"] != jobs[fact["job_id"]]["org_id"]:
            yield f"promise 7: fact {fact['fact_id']} about job {fact['job_id']} is told to {fact['org_id']}"


def nothing_is_left_untold(records: Records, _diary: Diary) -> Iterator[str]:
    """No agent kept to itself what it knew, once it could tell it."""
    for agent, leases in records.undelivered.items():
        if leases:
            yield f"us: {agent} still has in its journal {', '.join(leases)}"


def nobody_was_surprised(records: Records, _diary: Diary) -> Iterator[str]:
    """Whatever was done to them, no program came upon an error that it did not know."""
    for error in (*records.server_errors, *records.agent_errors):
        yield f"us: {error}"


PROMISES: Sequence[Promise] = (
    accepted_jobs_end_once,
    jobs_are_as_they_were_submitted,
    a_job_has_one_lease_at_a_time,
    installs_are_what_devices_did,
    failures_are_the_tests_own,
    budgets_are_kept_apart,
    each_case_counts_once,
    what_passed_is_not_run_again,
    heard_reports_count,
    orgs_do_not_mix,
    nothing_is_left_untold,
    nobody_was_surprised,
)


def _spent_well(job: Row, attempts: Sequence[Row], accepted: Accepted) -> Iterator[str]:
    blamed = [row for row in attempts if row["verdict"] in {"failed", "timed_out"} and row["fault"] == "test"]
    if cast("int", job["retry_count"]) > len(blamed):
        yield f"promise 5: job {accepted.job_id} spent {job['retry_count']} retries on {len(blamed)} failures"
    if accepted.max_retries is not None and cast("int", job["retry_count"]) > accepted.max_retries:
        yield f"promise 5: job {accepted.job_id} was retried more often than the {accepted.max_retries} times it may"
    if cast("int", job["infra_count"]) > INFRASTRUCTURE_BUDGET:
        yield f"promise 5: job {accepted.job_id} was tried again {job['infra_count']} times for infrastructure"
    if project.outcome_of(accepted.test_path) in {"passes", "shaky", "dies"} and blamed:
        yield f"promise 5: an attempt of job {accepted.job_id} ({accepted.test_path}) is blamed on the test"


def _run_in_vain(accepted: Accepted, attempts: Sequence[Row], cases: Sequence[Row]) -> Iterator[str]:
    last: dict[object, object] = {}
    all_known = False
    for attempt in attempts:
        ran = [row for row in cases if row["attempt"] == attempt["number"]]
        passed = {case_id for case_id, status in last.items() if status == "passed"}
        again = passed.intersection(row["case_id"] for row in ran)
        if all_known and again and len(passed) < len(last):
            yield (
                f"promise 5: attempt {attempt['number']} of job {accepted.job_id} ({accepted.test_path}) ran "
                f"{', '.join(sorted(map(str, again)))} again, which had passed"
            )
        counted = [row for row in ran if not row["late"]]
        last |= {row["case_id"]: row["status"] for row in counted}
        all_known |= bool(counted) and attempt["verdict"] is not None and attempt["loss"] != "agent"


def _by_job(rows: Sequence[Row]) -> Mapping[object, Sequence[Row]]:
    by_job: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        by_job[row["job_id"]].append(row)
    return by_job


def _is_part_of(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether all of it is in the whole, in the same order."""
    left = iter(whole)
    return all(each in left for each in part)


def _short(hashes: Sequence[str]) -> str:
    return "[" + " ".join(each[:6] for each in hashes) + "]"


def _standing(row: Row) -> str:
    return ", ".join(f"{name} {row[name]}" for name in ("status", "lease", "attempt", "infra_count", "worker_id"))
