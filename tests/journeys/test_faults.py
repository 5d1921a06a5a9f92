"""Whose fault it was decides what happens next, with a real agent, real Appwright and a device that misbehaves."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.agents import PACKAGE, WAITS, Farm, a_farm, wait_until

pytestmark = pytest.mark.journey

MENDS_ITSELF = """
import fs from "node:fs";
import { expect, test } from "appwright";
import { byId } from "./shop";

test("first", async ({ device }) => {
  await expect(byId(device, "tour_title")).toBeVisible();
});
test("second", async ({ device }) => {
  await expect(byId(device, "tour_title")).toBeVisible();
  if (!fs.existsSync("MARKER")) {
    fs.writeFileSync("MARKER", "");
    throw new Error("not the first time");
  }
});
test("third", async ({ device }) => {
  await expect(byId(device, "tour_title")).toBeVisible();
});
"""


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with a_farm(tmp_path, devices=1) as farm:
        yield farm


def facts(farm: Farm, job_id: str) -> list[str]:
    run_id = farm.job(job_id)["run_id"]
    return [fact["kind"] for fact in farm.client.farm.facts(after=0, run_id=run_id)["facts"]]


def is_idle(farm: Farm) -> bool:
    return [worker["status"] for worker in farm.client.workers.page()["workers"]] == ["idle"]


def test_only_the_case_that_failed_runs_again_and_all_are_counted(farm: Farm, tmp_path: Path) -> None:
    farm.start_agent()
    spec = MENDS_ITSELF.replace("MARKER", str(tmp_path / "was-here"))
    bundle = farm.upload_project(mends=spec)
    (job,) = farm.submit("mends", version=farm.upload_shop(), bundle=bundle, max_retries=1)
    assert farm.wait_for_end([job]) == ["flaky"]

    first, second = farm.attempts(job)
    assert [case["title"] for case in first["cases"]] == ["first", "second", "third"]
    assert [(case["title"], case["status"]) for case in second["cases"]] == [("second", "passed")]
    result = farm.job(job)["result"]
    assert isinstance(result, dict)
    assert result["cases"] == {"total": 3, "passed": 2, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0}
    assert farm.devices[0].counters()["sessions"][PACKAGE] == 4


def test_a_job_cancelled_while_its_app_is_installed_holds_up_nobody(farm: Farm) -> None:
    farm.start_agent()
    farm.devices[0].shell("virtual fault slow-install 60")
    version, bundle = farm.upload_shop(), farm.upload_project()
    (job,) = farm.submit("smoke", version=version, bundle=bundle)
    wait_until(lambda: "install_started" in facts(farm, job), what="that the installation begins")

    assert farm.client.jobs.cancel(job)["status"] == "cancelled"
    wait_until(lambda: is_idle(farm), what="that the worker is free", seconds=40)
    farm.devices[0].shell("virtual fault none")
    (next_job,) = farm.submit("smoke", version=version, bundle=bundle)
    assert farm.wait_for_end([next_job]) == ["passed"]
    assert farm.attempts(job) == []


def test_a_whole_run_is_cancelled_in_the_middle_and_leaves_no_program_behind(farm: Farm) -> None:
    agent = farm.start_agent()
    idle = len(agent.own_processes())
    waits, smoke = farm.submit(
        "a-waits", "smoke", version=farm.upload_shop(), bundle=farm.upload_project(**{"a-waits": WAITS})
    )
    farm.wait_for_case(waits)
    run = farm.client.jobs.cancel_run(farm.job(waits)["run_id"])
    assert farm.job(smoke)["status"] == "cancelled"
    assert run["jobs"]["cancelled"] == 1

    assert farm.wait_for_end([waits]) == ["cancelled"]
    wait_until(lambda: is_idle(farm), what="that the worker is free")
    wait_until(lambda: len(agent.own_processes()) <= idle, what="the end of all that the tests had started")


def test_a_job_that_gives_no_sign_of_life_is_timed_out(farm: Farm) -> None:
    farm.start_agent()
    bundle = farm.upload_project(**{"a-waits": WAITS})
    (job,) = farm.submit("a-waits", version=farm.upload_shop(), bundle=bundle, max_retries=0, idle_timeout_s=6.0)
    assert farm.wait_for_end([job]) == ["timed_out"]
    assert farm.job(job)["error_message"] == "tests/a-waits.spec.js hung: nothing was heard of it for 6 s."


def test_an_adb_server_that_dies_costs_nobody_an_attempt(farm: Farm) -> None:
    agent = farm.start_agent()
    (job,) = farm.submit("login", version=farm.upload_shop(), bundle=farm.upload_project(), max_retries=0)
    farm.wait_for_case(job)
    os.kill(farm.process_of("adb server"), signal.SIGKILL)
    agent.wait_to_say("The adb server on port")

    assert farm.wait_for_end([job]) == ["passed"]
    lost, whole = farm.attempts(job)
    assert (lost["verdict"], lost["loss"], whole["verdict"]) == ("infra_error", "host", "passed")
    assert farm.client.workers.page()["workers"][0]["faults_in_a_row"] == 0
