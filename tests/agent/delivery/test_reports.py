"""Reports reach the server in order and once, through absences of the server and restarts of the agent."""

import asyncio
from pathlib import Path

import pytest

from qgjob.agent.delivery.journal import Journal
from qgjob.agent.delivery.reports import Reports
from qgjob.agent.session.orders import Orders
from qgjob.agent.session.verdict import Judgement
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.words import CaseStatus, LeaseToken, Proof, Verdict
from tests.agent.server import AGENT, Served

pytestmark = [pytest.mark.anyio, pytest.mark.exam]

CASE = Case(case_id="c-1", title="signing in › works", file="tests/login.spec.js", line=3)


def passed(case: Case = CASE) -> CaseResult:
    return CaseResult(
        case=case, status=CaseStatus.PASSED, expected=CaseStatus.PASSED, seconds=0.5, errors=(), session=True
    )


def reports_of(served: Served, said: list[str] | None = None) -> Reports:
    said = [] if said is None else said
    return Reports(served.client, AGENT, Journal(served.folder / "journal"), said.append)


def journal_files(served: Served) -> list[Path]:
    return sorted((served.folder / "journal").iterdir())


async def test_what_is_told_reaches_the_server_and_leaves_the_journal_empty(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    (job,) = lease.jobs
    sha256 = None if lease.app is None else lease.app.sha256
    async with reports_of(served).open(lease.token, Orders()) as report:
        report.story.install_started()
        report.story.installed(
            reused=False, seconds=1.5, sha256=sha256, package="com.example.shop", proof=Proof.CONTENT_HASH
        )
        report.story.attempt_started(job)
        report.story.case_started(job, CASE)
        report.story.case_ended(job, passed())
        report.story.attempt_ended(
            job, Judgement(verdict=Verdict.PASSED), seconds=2.0, sessions=1, project_retries=None
        )
        report.story.lease_ended()
        await report.delivered()

    shown = await asyncio.to_thread(served.client.jobs.get, job.job_id)
    attempt = await asyncio.to_thread(served.attempt, job)
    assert (shown["status"], shown["verdict"]) == ("completed", "passed")
    assert [case["title"] for case in attempt["cases"]] == ["signing in › works"]
    assert journal_files(served) == []


async def test_a_server_that_is_away_hears_it_when_it_is_back(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    await asyncio.to_thread(served.stop)
    async with reports_of(served).open(lease.token, Orders()) as report:
        report.story.attempt_started(lease.jobs[0])
        report.story.case_ended(lease.jobs[0], passed())
        await asyncio.to_thread(served.start)
        await asyncio.wait_for(report.delivered(), 20)
    attempt = await asyncio.to_thread(served.attempt, lease.jobs[0])
    assert len(attempt["cases"]) == 1


async def test_a_restarted_agent_delivers_what_the_one_before_could_not(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    (job,) = lease.jobs
    await asyncio.to_thread(served.stop)
    async with reports_of(served).open(lease.token, Orders()) as report:
        report.story.attempt_started(job)
        report.story.attempt_ended(
            job, Judgement(verdict=Verdict.PASSED), seconds=2.0, sessions=1, project_retries=None
        )
    assert len(journal_files(served)) == 1
    await asyncio.to_thread(served.start)

    await reports_of(served).deliver_left_over()

    assert (await asyncio.to_thread(served.client.jobs.get, job.job_id))["verdict"] == "passed"
    assert journal_files(served) == []


async def test_an_event_told_twice_counts_once(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    reports = reports_of(served)
    async with reports.open(lease.token, Orders()) as report:
        report.story.attempt_started(lease.jobs[0])
        report.story.case_ended(lease.jobs[0], passed())
        (kept,) = Journal(served.folder / "journal").undelivered()
        await report.delivered()
    answer = await reports.deliver(lease.token, kept.events)
    assert answer is not None
    assert (answer["last_seq"], answer["in_force"]) == (2, True)
    attempt = await asyncio.to_thread(served.attempt, lease.jobs[0])
    assert len(attempt["cases"]) == 1


async def test_a_cancelled_job_becomes_an_order(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    orders = Orders()
    await asyncio.to_thread(served.client.jobs.cancel, lease.jobs[0].job_id)
    async with reports_of(served).open(lease.token, orders) as report:
        report.story.attempt_started(lease.jobs[0])
        await report.delivered()
    assert orders.cancelled == {lease.jobs[0].job_id}


async def test_a_lease_that_was_given_up_becomes_the_order_to_stop(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    await asyncio.to_thread(served.register)  # as one that no longer works on it
    orders = Orders()
    async with reports_of(served).open(lease.token, orders) as report:
        report.story.attempt_started(lease.jobs[0])
        await report.delivered()
    assert orders.lease_is_over
    assert orders.stop.is_set()


async def test_a_report_that_the_server_refuses_is_said_and_dropped(served: Served) -> None:
    said: list[str] = []
    orders = Orders()
    lease = await asyncio.to_thread(served.lease)
    async with reports_of(served, said).open(LeaseToken(9999), orders) as report:
        report.story.attempt_started(lease.jobs[0])
        await report.delivered()
    assert orders.stop.is_set()
    assert said[0].startswith("the server refuses the report of lease 9999: ")
    assert journal_files(served) == []


async def test_texts_are_cut_to_what_the_wire_takes(served: Served) -> None:
    lease = await asyncio.to_thread(served.lease)
    long = CaseResult(
        case=CASE,
        status=CaseStatus.FAILED,
        expected=CaseStatus.PASSED,
        seconds=1.0,
        errors=("x" * 20_000,) * 12,
        session=False,
    )
    async with reports_of(served).open(lease.token, Orders()) as report:
        report.story.attempt_started(lease.jobs[0])
        report.story.case_ended(lease.jobs[0], long)
        await report.delivered()
    attempt = await asyncio.to_thread(served.attempt, lease.jobs[0])
    errors = attempt["cases"][0]["errors"]
    assert [len(error) for error in errors] == [8000] * 10
    assert errors[0].endswith("x … (cut)")
