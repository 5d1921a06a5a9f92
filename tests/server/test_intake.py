"""Submissions that come at the same time share commits, and nothing else."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.core.policy import Rule
from qgjob.server import intake
from qgjob.service.intake import Outcome, Push, take_in
from qgjob.store import Transaction
from tests.server.farm import a_job, get

pytestmark = pytest.mark.anyio


def submitting(api: httpx2.AsyncClient, number: int, **fields: object) -> "asyncio.Task[httpx2.Response]":
    return asyncio.create_task(api.post("/jobs", json=a_job(test_path=f"tests/{number}.spec.js", **fields)))


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that go into the store."""
    sizes: list[int] = []

    def noting(tx: Transaction, pushes: Sequence[Push], rule: Rule) -> list[Outcome]:
        sizes.append(len(pushes))
        if any(request.test_path == "tests/poison.spec.js" for push in pushes for request in push.run.requests):
            raise RuntimeError("nobody foresaw this")
        return take_in(tx, pushes, rule)

    monkeypatch.setattr(intake, "take_in", noting)
    return sizes


async def test_what_comes_at_the_same_time_shares_commits(api: httpx2.AsyncClient, batches: list[int]) -> None:
    answers = await asyncio.gather(*(submitting(api, number) for number in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["job_id"] for answer in answers}) == 100
    assert sum(batches) == 100
    assert len(batches) < 50


async def test_a_lone_submission_waits_for_no_other(api: httpx2.AsyncClient, batches: list[int]) -> None:
    assert (await asyncio.wait_for(submitting(api, 1), 5)).status_code == 201
    assert batches == [1]


async def test_each_is_answered_with_its_own(api: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(submitting(api, number) for number in range(20)))
    jobs = [await get(api, f"/jobs/{answer.json()['job_id']}") for answer in answers]

    assert [job["payload"]["test_path"] for job in jobs] == [f"tests/{number}.spec.js" for number in range(20)]


async def test_a_refused_one_and_one_that_breaks_harm_no_other(api: httpx2.AsyncClient, batches: list[int]) -> None:
    good = [submitting(api, number) for number in range(5)]
    refused = submitting(api, 5, bundle="b" * 64)
    poison = asyncio.create_task(api.post("/jobs", json=a_job(test_path="tests/poison.spec.js")))
    good += [submitting(api, number) for number in range(6, 10)]

    assert [(await answer).status_code for answer in good] == [201] * 9
    assert (await refused).status_code == 422
    assert ((await poison).status_code, (await poison).json()["code"]) == (500, "internal")
    assert (await get(api, "/stats"))["total_jobs"] == 9
    assert batches[-1] == 1


async def test_too_many_are_told_to_come_again(
    app: FastAPI, api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 3)
    answers = await asyncio.gather(*(submitting(api, number) for number in range(10)))
    by_status: dict[int, list[Any]] = {}
    for answer in answers:
        by_status.setdefault(answer.status_code, []).append(answer)

    assert set(by_status) == {201, 503}
    assert all("Retry-After" in answer.headers for answer in by_status[503])
    assert (await get(api, "/stats"))["total_jobs"] == len(by_status[201])
    assert app.state.desk.intake is not None


async def test_a_store_that_is_away_tells_everybody(app: FastAPI, api: httpx2.AsyncClient) -> None:
    app.state.desk.store.close()
    answers = await asyncio.gather(*(submitting(api, number) for number in range(5)))

    assert [answer.status_code for answer in answers] == [503] * 5
