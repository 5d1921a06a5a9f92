"""The agent from end to end: installs once, loses no job to a lost device, a killed program or an absent server."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.agents import PACKAGE, WAITS, Farm, a_farm, wait_until
from tests.virtual_android.adb import AdbDevice

pytestmark = pytest.mark.journey

NO_JAVASCRIPT = 'import { test } from "appwright"; test("never", async ({ device }) => { ;'
NO_TESTS = 'import { test } from "appwright"; export const none = test;'


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with a_farm(tmp_path, devices=1) as farm:
        yield farm


@pytest.fixture
def farm_of_two(tmp_path: Path) -> Iterator[Farm]:
    with a_farm(tmp_path, devices=2) as farm:
        yield farm


def count(device: AdbDevice, what: str) -> int:
    return device.counters()[what].get(PACKAGE, 0)


def test_two_specs_on_one_device_install_once_and_open_one_session_per_case(farm: Farm) -> None:
    agent = farm.start_agent()
    version, bundle = farm.upload_shop(), farm.upload_project()
    (device,) = farm.devices

    jobs = farm.submit("login", "smoke", version=version, bundle=bundle)
    assert farm.wait_for_end(jobs) == ["passed", "passed"]
    assert (count(device, "installs"), count(device, "sessions")) == (1, 9)

    jobs = farm.submit("smoke", version=version, bundle=bundle)
    assert farm.wait_for_end(jobs) == ["passed"]
    assert (count(device, "installs"), count(device, "sessions")) == (1, 12)

    (attempt,) = farm.attempts(jobs[0])
    assert [(case["title"], case["status"], case["session"]) for case in attempt["cases"]] == [
        ("the app starts", "passed", True),
        ("a guest can buy a mug", "passed", True),
        ("a guest can leave again", "passed", True),
    ]
    wait_until(lambda: len(farm.attempts(jobs[0])[0]["evidence"]) == 4, what="the evidence")
    assert agent.stop() == 0
    assert agent.own_processes() == []


def test_a_failed_case_is_tried_again_and_leaves_a_trace_and_a_screenshot(farm: Farm) -> None:
    farm.start_agent()
    jobs = farm.submit("known-bug", version=farm.upload_shop("2.0.0"), bundle=farm.upload_project(), max_retries=1)
    assert farm.wait_for_end(jobs) == ["failed"]
    first, second = farm.attempts(jobs[0])
    assert (first["verdict"], second["verdict"]) == ("failed", "failed")
    kinds = {"output", "report", "blob", "appium_log", "trace", "screenshot", "attachment"}
    wait_until(
        lambda: {each["kind"] for each in farm.attempts(jobs[0])[1]["evidence"]} == kinds, what="all the evidence"
    )


def test_a_device_unplugged_in_mid_test_costs_an_attempt_and_no_verdict(farm_of_two: Farm) -> None:
    farm = farm_of_two
    farm.start_agent()
    (job,) = farm.submit("login", version=farm.upload_shop(), bundle=farm.upload_project(), max_retries=0)
    farm.wait_for_case(job)
    first = next(device for device in farm.devices if count(device, "installs"))
    first.shell("virtual fault unplug")

    assert farm.wait_for_end([job]) == ["passed"]

    lost, whole = farm.attempts(job)
    assert (lost["verdict"], lost["fault"], whole["verdict"]) == ("infra_error", "infrastructure", "passed")
    assert "failed" not in {case["status"] for case in lost["cases"]}
    assert lost["worker_id"] != whole["worker_id"]


def test_a_device_that_comes_back_works_again(farm: Farm) -> None:
    agent = farm.start_agent()
    (job,) = farm.submit("login", version=farm.upload_shop(), bundle=farm.upload_project())
    farm.wait_for_case(job)
    farm.devices[0].shell("virtual fault unplug --for 8")
    agent.wait_to_say("answers again")
    assert farm.wait_for_end([job]) == ["passed"]
    assert count(farm.devices[0], "installs") == 1


def test_appium_killed_in_mid_test_is_started_again_and_nobody_s_test_fails(farm: Farm) -> None:
    agent = farm.start_agent()
    (job,) = farm.submit("login", version=farm.upload_shop(), bundle=farm.upload_project(), max_retries=0)
    farm.wait_for_case(job)
    os.kill(farm.process_of("Appium"), signal.SIGKILL)
    agent.wait_to_say("Appium has died and is started again")
    assert farm.wait_for_end([job]) == ["passed"]
    assert [attempt["verdict"] for attempt in farm.attempts(job)] == ["infra_error", "passed"]


def test_after_a_kill_9_the_jobs_run_again_and_nothing_is_left_behind(farm: Farm) -> None:
    agent = farm.start_agent()
    jobs = farm.submit("login", "smoke", version=farm.upload_shop(), bundle=farm.upload_project(), max_retries=0)
    farm.wait_for_case(jobs[0])
    agent.kill()
    wait_until(lambda: agent.own_processes() == [], what="the end of all that it had started", seconds=15)

    second = farm.start_agent()

    assert farm.wait_for_end(jobs) == ["passed", "passed"]
    assert [attempt["verdict"] for attempt in farm.attempts(jobs[0])] == ["infra_error", "passed"]
    assert count(farm.devices[0], "installs") == 1
    assert second.stop() == 0
    assert second.own_processes() == []


def test_a_server_restarted_in_mid_run_hears_everything_afterwards(farm: Farm) -> None:
    farm.start_agent()
    (job,) = farm.submit("login", version=farm.upload_shop(), bundle=farm.upload_project())
    farm.wait_for_case(job)
    farm.stop_server()
    farm.start_server()
    assert farm.wait_for_end([job]) == ["passed"]
    (attempt,) = farm.attempts(job)
    assert len(attempt["cases"]) == 6


def test_a_cancelled_job_stops_and_the_one_beside_it_runs_again(farm: Farm) -> None:
    farm.start_agent()
    waits, smoke = farm.submit(
        "a-waits", "smoke", version=farm.upload_shop(), bundle=farm.upload_project(**{"a-waits": WAITS})
    )
    farm.wait_for_case(waits)
    farm.client.jobs.cancel(waits)
    assert farm.wait_for_end([waits, smoke]) == ["cancelled", "passed"]


def test_a_job_past_its_limit_is_timed_out(farm: Farm) -> None:
    farm.start_agent()
    (job,) = farm.submit(
        "a-waits",
        version=farm.upload_shop(),
        bundle=farm.upload_project(**{"a-waits": WAITS}),
        max_retries=0,
        timeout_s=6.0,
    )
    assert farm.wait_for_end([job]) == ["timed_out"]
    assert farm.job(job)["error_message"] is not None


def test_told_to_end_the_agent_gives_back_what_it_has_not_begun(farm: Farm) -> None:
    agent = farm.start_agent()
    waits, smoke = farm.submit(
        "a-waits", "smoke", version=farm.upload_shop(), bundle=farm.upload_project(**{"a-waits": WAITS})
    )
    farm.wait_for_case(waits)
    assert agent.stop() == 0
    assert agent.own_processes() == []
    assert (farm.job(waits)["status"], farm.job(smoke)["status"]) == ("pending", "pending")
    assert farm.attempts(waits)[0]["verdict"] == "infra_error"


def test_told_twice_to_end_the_agent_does_not_wait(farm: Farm) -> None:
    agent = farm.start_agent()
    (waits,) = farm.submit("a-waits", version=farm.upload_shop(), bundle=farm.upload_project(**{"a-waits": WAITS}))
    farm.wait_for_case(waits)
    agent.process.send_signal(signal.SIGTERM)
    agent.wait_to_say("stopping: ")
    agent.process.send_signal(signal.SIGTERM)
    assert agent.process.wait(20) == 0
    assert agent.own_processes() == []


def test_a_spec_that_cannot_be_read_spoils_nothing_for_the_others(farm: Farm) -> None:
    farm.start_agent()
    bundle = farm.upload_project(broken=NO_JAVASCRIPT, empty=NO_TESTS)
    jobs = farm.submit("broken", "empty", "smoke", version=farm.upload_shop(), bundle=bundle)
    assert farm.wait_for_end(jobs) == ["configuration_error", "no_tests", "passed"]
    message = farm.job(jobs[0])["error_message"]
    assert message is not None
    assert "broken.spec.js" in message


def test_an_app_that_the_device_refuses_is_the_app_s_fault_at_once(farm: Farm) -> None:
    farm.start_agent()
    farm.devices[0].shell("virtual fault install INSTALL_FAILED_NO_MATCHING_ABIS")
    (job,) = farm.submit("smoke", version=farm.upload_shop(), bundle=farm.upload_project())
    assert farm.wait_for_end([job]) == ["app_error"]
    assert len(farm.attempts(job)) == 1


def test_jobs_without_bundle_and_app_run_from_the_agent_s_own_checkout(farm: Farm) -> None:
    project = farm.own_checkout()
    farm.start_agent("--project", str(project))
    (job,) = farm.submit("smoke", version="never uploaded", bundle=None)
    assert farm.wait_for_end([job]) == ["passed"]
    (worker,) = farm.client.workers.all()["workers"]
    assert worker["installed"] is not None
    assert worker["installed"]["proof"] == "none"


def test_a_second_agent_with_the_same_state_folder_is_refused(farm: Farm) -> None:
    farm.start_agent()
    refused = farm.run_agent()
    assert refused.returncode == 2
    assert "Another agent runs with the state folder" in refused.stderr


def test_an_unknown_device_is_refused_with_what_there_is(farm: Farm) -> None:
    refused = farm.run_agent("--device", "emulator-9998")
    assert refused.returncode == 2
    assert "There is no device emulator-9998" in refused.stderr
