"""Runs the demo: starts the farm, submits the story with the real command line, follows it, and checks what came of it.

Progress goes to stderr; stdout has the tables and, as its last line, one JSON object.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from demo.farm import Broke, DidNotStart, Farm, start_farm
from demo.progress import follow
from demo.story import ORG, ROOT, SHOP, SUBMISSIONS, VERSIONS
from demo.summary import Ended, device_counts, ended_jobs, stock_installs, table, totals
from qgjob.agent.device.adb_tool import find_adb
from qgjob.client import Client
from qgjob.core.words import Verdict

PACKAGE = "com.example.shop"
CLI_TIMEOUT_S = 120


def main() -> int:
    """Return 0 only when every job ended as the story expects; 2 when the farm did not start, 3 when it broke."""
    cache = Path(os.environ.get("QGJOB_DEMO_CACHE", ROOT / ".cache" / "agent"))
    with tempfile.TemporaryDirectory(prefix="qgjob-demo-") as folder:
        try:
            with start_farm(Path(folder), cache=cache, say=say) as farm:
                return run_story(farm)
        except DidNotStart as error:
            say(f"The demo's farm did not start. {error}")
            return 2
        except Broke as error:
            say(f"The demo's farm broke. {error}")
            return 3
        except KeyboardInterrupt:
            say("Interrupted: the farm was ended.")
            return 130


def run_story(farm: Farm) -> int:
    """Submit, follow, sum up."""
    started = time.monotonic()
    for version, binary in VERSIONS.items():
        qgjob(farm, "app", "upload", "--org-id", ORG, "--app-version-id", version, str(binary))
    expected: dict[str, Verdict] = {}
    for submission in SUBMISSIONS:
        specs = [word for spec in submission.specs for word in ("--test", f"tests/{spec}.spec.js")]
        output = qgjob(
            farm, "submit", "--org-id", ORG, "--app-version-id", submission.app_version_id, *specs,
            "--max-retries", str(submission.retries),
        )  # fmt: skip
        for line in output.splitlines():
            if "Job ID: " in line:
                expected[line.partition("Job ID: ")[2].strip()] = submission.expected
    with Client(farm.url, timeout_s=30) as client:
        follow(client, set(expected), say=say, asides=farm.asides, check=farm.check)
        jobs = ended_jobs(client, list(expected))
        stats = client.farm.stats()
    seconds = round(time.monotonic() - started, 1)
    counts = device_counts(farm, adb=str(find_adb()), package=PACKAGE)
    stock = stock_installs(jobs)
    show(*table(jobs), "")
    show(
        "Ledger",
        f"  installs done              {counts.installs:6}   counted by the devices",
        f"  installs stock would do    {stock:6}   one for each case that opened a session",
        f"  seconds spent installing   {stats['install_seconds']:8.1f}",
        f"  seconds spent testing      {stats['test_seconds']:8.1f}",
        "",
    )
    say(verdict_of_the_demo(jobs, expected))
    show(
        json.dumps(
            {
                "jobs": len(jobs),
                "cases": totals(jobs),
                "installs": counts.installs,
                "installs_stock": stock,
                "sessions": counts.sessions,
                "workers": len(farm.devices),
                "seconds": seconds,
            }
        )
    )
    return 0 if not unexpected(jobs, expected) else 1


def unexpected(jobs: list[Ended], expected: dict[str, Verdict]) -> list[Ended]:
    """Jobs that ended otherwise than the story says."""
    return [ended for ended in jobs if ended.job["verdict"] != expected[ended.job["job_id"]]]


def verdict_of_the_demo(jobs: list[Ended], expected: dict[str, Verdict]) -> str:
    """One sentence: as expected, or what was not."""
    odd = unexpected(jobs, expected)
    if not odd:
        return "Every job ended as expected; the one failed case is a real bug of the example app, and shown as such."
    return "Not as expected: " + "; ".join(
        f"{ended.job['job_id']} is {ended.job['verdict']} ({ended.job['error_message']})" for ended in odd
    )


def qgjob(farm: Farm, *arguments: str) -> str:
    """Run the command line as a user would, in the example project; its stdout. Raises Broke when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "qgjob", "--server-url", farm.url, *arguments],
        cwd=SHOP, env=dict(farm.environment), capture_output=True, text=True, timeout=CLI_TIMEOUT_S, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise Broke(f"`qgjob {' '.join(arguments)}` ended with code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def say(line: str) -> None:
    """Progress, to stderr at once."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  this is the demo's one way to speak


def show(*lines: str) -> None:
    """Results, to stdout."""
    print(*lines, sep="\n", flush=True)  # noqa: T201  as above


if __name__ == "__main__":
    sys.exit(main())
