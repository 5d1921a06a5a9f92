"""Parts of spec files as jobs, with real server, agent and device: what each ran, and one installation for all."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.journeys.agents import PACKAGE, Farm, a_farm

pytestmark = pytest.mark.journey

LOGIN, SMOKE = "tests/login.spec.js", "tests/smoke.spec.js"
BLOCK, FIRST, REFUSED, LAST = 13, 14, 20, 26
"""Lines of the example's spec of signing in: its block, a test, one in a loop, and the last test."""
JOBS = (
    {"test_path": f"{LOGIN}:{FIRST}"},
    {"test_path": f"{LOGIN}:{LAST}"},
    {"test_path": f"{LOGIN}:{REFUSED}"},
    {"test_path": SMOKE, "grep": "a guest can"},
    {"test_path": f"{LOGIN}:{BLOCK}", "grep": "second try"},
    {"test_path": f"{LOGIN}:1"},
    {"test_path": SMOKE, "grep": "--none"},
)


def titles(farm: Farm, job_id: str) -> list[str]:
    """What each case of the only attempt of a job is called."""
    (attempt,) = farm.attempts(job_id)
    assert attempt["counts"]["total"] == len(attempt["cases"])
    return [case["title"].removeprefix("signing in › ") for case in attempt["cases"]]


def lease_of(farm: Farm, job_id: str) -> int:
    (decision,) = farm.client.jobs.explain(job_id)["decisions"]
    return decision["lease"]


def run(farm: Farm, jobs: tuple[Mapping[str, str], ...]) -> tuple[list[str], list[str | None]]:
    version = "v1.2.3"
    job_ids = farm.submit(version=version, bundle=farm.upload_project(), jobs=list(jobs), max_retries=0)
    return job_ids, farm.wait_for_end(job_ids)


def test_each_job_runs_what_it_picks_and_all_of_them_need_one_installation(tmp_path: Path) -> None:
    with a_farm(tmp_path, devices=1) as farm:
        farm.upload_shop()
        farm.start_agent()
        job_ids, verdicts = run(farm, JOBS)

        assert verdicts == [*["passed"] * 5, "no_tests", "no_tests"]
        first, last, refused, guest, second_try = (titles(farm, job_id) for job_id in job_ids[:5])
        assert first == ["opens the catalogue with the customer's name"]
        assert last == second_try == ["works at the second try"]
        assert len(refused) > 1
        assert all(title.startswith("is refused with ") for title in refused)
        assert guest == ["a guest can buy a mug", "a guest can leave again"]
        (device,) = farm.devices
        assert device.counters()["installs"][PACKAGE] == 1

        again, verdicts = run(farm, ({"test_path": f"{LOGIN}:{BLOCK}"}, *JOBS[:4]))

        assert verdicts == ["passed"] * 5
        assert len({lease_of(farm, job_id) for job_id in again[1:4]}) == 1, "they are known to be short by now"
        assert [titles(farm, job_id) for job_id in again[1:]] == [first, last, refused, guest]
        assert titles(farm, again[0]) == [*first, *refused, *last]
        assert device.counters()["installs"][PACKAGE] == 1
