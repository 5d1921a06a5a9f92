"""Crowds that poll do not take the time that everything else needs."""

import httpx2
import pytest
from fastapi import FastAPI

from qgjob.server.allowance import Allowance
from qgjob.server.desk import desk_of
from tests.server.farm import get, submitted


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_two_seconds_may_be_spent_at_once_and_fill_up_by_a_quarter_of_what_passes() -> None:
    clock = Seconds()
    allowance = Allowance(clock)
    allowance.spend(1.9)
    assert allowance.is_left()
    allowance.spend(1.1)
    clock.now += 4
    assert not allowance.is_left()
    clock.now += 0.1

    assert allowance.is_left()


def test_no_more_is_saved_up_than_may_be_spent_at_once() -> None:
    clock = Seconds()
    allowance = Allowance(clock)
    clock.now += 3600
    assert allowance.is_left()
    allowance.spend(2)

    assert not allowance.is_left()


@pytest.mark.anyio
async def test_when_it_is_spent_jobs_are_shown_without_what_is_ahead(app: FastAPI, api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api)
    assert (await get(api, f"/jobs/{job_id}"))["waiting"] is not None
    desk_of(app).forecasts.spend(3600)
    job = await get(api, f"/jobs/{job_id}")

    assert (job["status"], job["waiting"], job["eta"]) == ("pending", None, None)
    assert (await get(api, f"/runs/{job['run_id']}"))["eta"] is None
    assert (await api.get(f"/jobs/{job_id}/explain")).status_code == 503
