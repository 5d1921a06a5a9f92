"""Jobs that pick cases, by a line or a grep: what is taken in, who is given them, and what is learnt from them."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.agent import AgentFacts, DeviceFacts
from qgjob.core.errors import InvalidRequest
from qgjob.core.job import JobRequest
from qgjob.core.lease import Lease
from qgjob.core.places import Place
from qgjob.core.words import (
    AgentId,
    CaseStatus,
    Fault,
    JobId,
    JobStatus,
    Platform,
    ResetMode,
    Sha256,
    Target,
    Verdict,
    WorkerId,
)
from qgjob.service import apps, ask, fleet, protocol1, submit
from tests.service.farm import ORG, Farm, a_case, a_request, case_ended, ended, installed, lease_ended, started

SPEC = "tests/a.spec.js"
OLD = AgentId("agent-old")
OR_LINE = "file, such as a.spec.js or a.spec.js:12,"
NAME_ONE = "name a spec file relative to the project's root"


def refused(farm: Farm, request: JobRequest) -> tuple[str, str]:
    """The field and the message of the only problem of a job."""
    with pytest.raises(InvalidRequest) as refusal:
        farm.submit(request)
    (problem,) = refusal.value.problems
    return problem.field, problem.message


def register_old(farm: Farm) -> WorkerId:
    """A device of an agent that knows neither lines nor greps."""
    device = DeviceFacts(
        serial="old-1", target=Target.EMULATOR, platform=Platform.ANDROID, os_version="14", model="virtual"
    )
    facts = AgentFacts(
        agent_id=OLD,
        name="old",
        protocol=2,
        version="0.1.0",
        has_project=False,
        holding=frozenset(),
        devices=(device,),
    )
    ((_, worker_id),) = farm.decide(partial(fleet.register_agent, facts=facts))
    return worker_id


def run(farm: Farm, lease: Lease, *, seconds: float) -> None:
    steps = [installed(seconds=4)]
    for job in lease.jobs:
        steps += [started(job.job_id, job.attempt), ended(job.job_id, job.attempt, seconds=seconds)]
    farm.report(lease.token, *steps, lease_ended())


def estimated(farm: Farm, *job_ids: JobId) -> list[float]:
    rows = farm.read(lambda tx: [tx.only("job_by_id", job_id=job_id) for job_id in job_ids])
    return [row["estimate_us"] / 1_000_000 for row in rows]


@pytest.fixture
def stocked(farm: Farm) -> Farm:
    farm.stock("v1")
    return farm


def test_a_job_may_name_a_line_of_a_file_of_its_bundle(stocked: Farm) -> None:
    first, second = stocked.submit(a_request(f"./{SPEC}:7"), a_request(f"{SPEC}:1000000"))

    assert stocked.job(first).request.test_path == f"{SPEC}:7"
    assert stocked.job(second).request.test_path == f"{SPEC}:1000000"


@pytest.mark.parametrize(
    ("test_path", "message"),
    [
        ("tests/none.js:7", "'tests/none.js' of 'tests/none.js:7' is no file of the bundle: " + NAME_ONE),
        ("tests:7", f"'tests:7' has a line, and is a folder: {NAME_ONE.replace('file', OR_LINE)}"),
        (f"{SPEC}:0", f"'{SPEC}:0' names no line that there is: lines go from 1 to 1,000,000"),
        (f"{SPEC}:1000001", f"'{SPEC}:1000001' names no line that there is: lines go from 1 to 1,000,000"),
        (f"{SPEC}:7:2", f"'{SPEC}:7' of '{SPEC}:7:2' is no file of the bundle: {NAME_ONE}"),
        (f"{SPEC}:last", f"'{SPEC}:last' is no file of the bundle: {NAME_ONE}"),
    ],
)
def test_a_line_of_nothing_is_refused(stocked: Farm, test_path: str, message: str) -> None:
    assert refused(stocked, a_request(test_path)) == ("test_path", message)


def test_a_file_that_is_called_as_a_line_is_is_meant_as_a_whole(stocked: Farm) -> None:
    bundle = Sha256("d" * 64)
    files = ["package.json", "tests/odd.js:12"]
    stocked.write(lambda tx: apps.register_bundle(tx, org_id=ORG, sha256=bundle, size_bytes=10, files=files))
    (job_id,) = stocked.submit(a_request("tests/odd.js:12", bundle=bundle))

    assert stocked.job(job_id).request.test_path == "tests/odd.js:12"
    assert refused(stocked, a_request("tests/odd.js:13", bundle=bundle))[0] == "test_path"


def test_without_a_bundle_a_line_is_for_the_worker_to_understand(stocked: Farm) -> None:
    (job_id,) = stocked.submit(a_request("tests/anything.js:7", bundle=None))

    assert stocked.job(job_id).request.test_path == "tests/anything.js:7"


@pytest.mark.parametrize("grep", ["a\nb", "\x1b[31m", " "])
def test_a_grep_that_no_title_can_hold_is_refused(stocked: Farm, grep: str) -> None:
    assert refused(stocked, replace(a_request(), grep=grep))[0] == "grep"


def test_a_grep_is_kept_and_given_with_the_lease_and_kept_when_the_job_is_submitted_again(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    (job_id,) = stocked.submit(replace(a_request(f"{SPEC}:7", max_retries=0), grep="$(it's) @smoke"))
    lease = stocked.claim_one(worker)
    shown_again = stocked.claim_one(worker)

    assert [(job.test_path, job.grep) for job in lease.jobs] == [(f"{SPEC}:7", "$(it's) @smoke")]
    assert shown_again.jobs == lease.jobs
    stocked.run_through(lease, Verdict.FAILED, Fault.TEST)
    (again,) = stocked.write(partial(submit.retry, job_id=job_id)).job_ids
    assert stocked.job(again).request == replace(stocked.job(job_id).request, retry_of=job_id)


def test_a_deadline_in_seconds_counts_from_when_the_server_has_it(stocked: Farm) -> None:
    (job_id,) = stocked.submit(replace(a_request(), deadline_in_s=90))

    request = stocked.job(job_id).request
    assert (request.deadline_at, request.deadline_in_s) == (stocked.clock.now + timedelta(seconds=90), None)


def test_two_deadlines_are_refused(stocked: Farm) -> None:
    at = stocked.clock.now + timedelta(hours=1)
    assert refused(stocked, replace(a_request(), deadline_at=at, deadline_in_s=90)) == (
        "deadline_in_s",
        "says what deadline says too: give one of them",
    )


@pytest.mark.parametrize(("test_path", "grep"), [(f"{SPEC}:7", None), (SPEC, "@smoke")])
def test_an_agent_that_would_run_all_of_a_file_is_not_given_a_part(
    stocked: Farm, test_path: str, grep: str | None
) -> None:
    old, (new,) = register_old(stocked), stocked.register("emulator-5554")
    picked, whole = stocked.submit(replace(a_request(test_path), grep=grep), a_request("tests/b.spec.js"))
    stocked.clock.advance(10)

    assert [job.job_id for job in stocked.claim_one(old, agent=OLD).jobs] == [whole]
    assert [job.job_id for job in stocked.claim_one(new).jobs] == [picked]


def test_where_all_that_waits_is_parts_an_old_agent_gets_nothing(stocked: Farm) -> None:
    old = register_old(stocked)
    stocked.submit(*(a_request(f"{SPEC}:{line}") for line in range(1, 30)))

    assert stocked.claim(old, agent=OLD) == ()


def test_a_worker_of_protocol_1_is_given_lines_as_ever_and_no_greps(stocked: Farm) -> None:
    worker = stocked.decide(lambda tx: fleet.register_worker(tx, name="w", targets=[Target.EMULATOR], metadata={}))
    grepped, line = stocked.submit(
        replace(a_request("tests/a.js", bundle=None), grep="@smoke"), a_request("tests/a.js:7", bundle=None)
    )
    first = stocked.decide(partial(protocol1.heartbeat, worker_id=worker)).next_job

    assert first is not None
    assert (first.job_id, first.request.test_path) == (line, "tests/a.js:7")
    stocked.write(partial(protocol1.change_job, job_id=line, worker_id=worker, status="running"))
    stocked.write(partial(protocol1.change_job, job_id=line, worker_id=worker, status="completed"))
    assert stocked.decide(partial(protocol1.heartbeat, worker_id=worker)).next_job is None
    assert stocked.job(grepped).status is JobStatus.PENDING


def test_cases_are_expected_to_take_what_others_of_their_file_do_and_files_are_not(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    (unknown,) = stocked.submit(a_request(f"{SPEC}:7"))
    run(stocked, stocked.claim_one(worker), seconds=4)
    (other_case,) = stocked.submit(a_request(f"{SPEC}:9"))
    run(stocked, stocked.claim_one(worker), seconds=8)
    third, known, elsewhere, whole = stocked.submit(
        a_request(f"{SPEC}:11"), a_request(f"{SPEC}:7"), a_request("tests/b.spec.js:3"), a_request("tests/b.spec.js")
    )

    assert estimated(stocked, unknown, other_case) == [20, 4]
    assert estimated(stocked, third, known, elsewhere, whole) == [6, 4, 6, 60]


def test_a_case_is_not_expected_to_take_longer_than_its_file(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    stocked.submit(a_request(SPEC))
    run(stocked, stocked.claim_one(worker), seconds=3)

    assert estimated(stocked, *stocked.submit(a_request(f"{SPEC}:7"), a_request("tests/b.spec.js:7"))) == [3, 20]


def test_what_a_grep_picks_teaches_nothing_about_the_file(stocked: Farm) -> None:
    (worker,) = stocked.register("emulator-5554")
    stocked.submit(replace(a_request(), grep="@smoke"))
    run(stocked, stocked.claim_one(worker), seconds=3)

    assert stocked.read(partial(ask.estimates_of_tests, org_id=ORG, test_path=None, limit=10)).items == ()
    assert estimated(stocked, *stocked.submit(replace(a_request(), grep="@smoke"))) == [60]


@pytest.mark.parametrize(("line", "again"), [(5, (Place(file=SPEC, line=7),)), (8, ())])
def test_a_retry_of_a_job_with_a_line_stays_within_it(stocked: Farm, line: int, again: tuple[Place, ...]) -> None:
    """The case that failed is picked by line 7: a test in the block at line 5, or a serial block around line 8."""
    (worker,) = stocked.register("emulator-5554")
    (job_id,) = stocked.submit(a_request(f"{SPEC}:{line}", reset=ResetMode.CLEAR))
    lease = stocked.claim_one(worker)
    stocked.report(
        lease.token,
        started(job_id),
        case_ended(job_id, 1, a_case("one", line=6)),
        case_ended(job_id, 1, a_case("other", CaseStatus.FAILED, line=7)),
        ended(job_id, 1, Verdict.FAILED, Fault.TEST),
        lease_ended(),
    )

    assert stocked.claim_one(worker).jobs[0].places == again
