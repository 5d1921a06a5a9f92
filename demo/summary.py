"""The end of the demo: a table of jobs and cases, the ledger, and one JSON object for machines.

Installations and sessions are what the devices counted themselves, read from them over adb.
"""

import json
import subprocess
from dataclasses import dataclass

from demo.farm import Farm
from qgjob.client import Client
from qgjob.wire.jobs import AttemptShown, JobShown

ADB_TIMEOUT_S = 30


@dataclass(frozen=True, kw_only=True)
class DeviceCounts:
    """What the devices counted of the app under test, all together; Appium's helper apps are not in it."""

    installs: int
    sessions: int


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A job that has ended, with its attempts."""

    job: JobShown
    attempts: list[AttemptShown]


def ended_jobs(client: Client, job_ids: list[str]) -> list[Ended]:
    """Fetch every job and its attempts, in the order of submission."""
    return [Ended(job=client.jobs.get(job_id), attempts=client.jobs.attempts(job_id)["attempts"]) for job_id in job_ids]


def table(jobs: list[Ended]) -> list[str]:
    """One line a job, one indented line a case of its last attempt."""
    lines = []
    for ended in jobs:
        payload, verdict = ended.job["payload"], ended.job["verdict"] or "?"
        lines.append(f"{verdict:<8} {payload['app_version_id']:<8} {payload['test_path']:<26} {ended.job['job_id']}")
        for attempt in ended.attempts[-1:]:
            for case in attempt["cases"]:
                lines.append(f"    {case['status']:<9} {case['seconds']:6.1f} s  {case['title']}")
                lines.extend(f"              {error.splitlines()[0]}" for error in case["errors"][:1])
    return lines


def totals(jobs: list[Ended]) -> dict[str, int]:
    """Add up the case counts of the jobs' results."""
    sums = {"total": 0, "passed": 0, "failed": 0, "flaky": 0, "skipped": 0}
    for ended in jobs:
        cases = ended.job["result"]["cases"] if isinstance(ended.job["result"], dict) else {}
        for word in sums:
            sums[word] += cases[word]
    return sums


def stock_installs(jobs: list[Ended]) -> int:
    """Count the case executions that opened a session: stock Appwright installs the app for each of them."""
    return sum(case["session"] for ended in jobs for attempt in ended.attempts for case in attempt["cases"])


def device_counts(farm: Farm, *, adb: str, package: str) -> DeviceCounts:
    """Ask each device for its own counters, over the agent's adb server."""
    installs = sessions = 0
    for device in farm.devices:
        answer = subprocess.run(
            [adb, "-P", str(farm.adb_port), "-s", device.serial, "shell", "virtual", "counters"],
            capture_output=True, check=True, timeout=ADB_TIMEOUT_S, text=True,
        )  # fmt: skip
        counters = json.loads(answer.stdout)
        installs += counters["installs"].get(package, 0)
        sessions += sum(counters["sessions"].values())
    return DeviceCounts(installs=installs, sessions=sessions)
