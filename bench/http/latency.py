"""A measured program: how long after its submission a job runs, on a worker that waits for work.

It plays an agent with one worker: it long-polls for a lease and says at once that the attempt has started. Timed is
from the sending of `POST /jobs` to the answer to that report: from then on everybody is told that the job runs.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from bench.broke import BenchBroke
from bench.spread import percentile
from qgjob.core.words import Platform, Target, Verdict
from qgjob.wire.agents import AGENT_PROTOCOL

AGENT = "bench-agent"
_WAIT_S = 30
_TIMEOUT_S = 60.0
_PAUSE_S = 0.01
"""Between two jobs: long enough for the worker to wait again."""


def main() -> None:
    """Submit one job after the other, print the percentiles."""
    parser = argparse.ArgumentParser(prog="python -m bench.http.latency", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--jobs", type=int, required=True)
    options = parser.parse_args()
    times_ms = _Race(options.url).run(options.jobs)
    measured = {
        "jobs": len(times_ms),
        "p50_ms": percentile(times_ms, 50),
        "p99_ms": percentile(times_ms, 99),
        "most_ms": max(times_ms),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


class _Race:
    """A submitter on this thread, a worker on another; each has a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._runs = Event()
        self._free = Event()
        self._ended = False
        self._ran_at = 0.0

    def run(self, jobs: int) -> list[float]:
        """Time so many jobs."""
        worker = Thread(target=self._work, daemon=True)
        worker.start()
        caller = _Caller(self._url)
        times_ms = [self._time_one(caller) for _ in range(jobs)]
        self._ended = True
        return times_ms

    def _time_one(self, caller: "_Caller") -> float:
        if not self._free.wait(_TIMEOUT_S):
            raise BenchBroke("The worker never came free.")
        time.sleep(_PAUSE_S)
        self._free.clear()
        self._runs.clear()
        began = time.perf_counter()
        caller.call("POST", "/jobs", {"org_id": "bench", "app_version_id": "build", "test_path": "tests/a.spec.ts"})
        if not self._runs.wait(_TIMEOUT_S):
            raise BenchBroke(f"A job did not run within {_TIMEOUT_S:.0f} s.")
        return (self._ran_at - began) * 1000

    def _work(self) -> None:
        caller = _Caller(self._url)
        worker_id = _register(caller)
        self._free.set()
        while not self._ended:
            asked = {"agent_id": AGENT, "worker_ids": [worker_id], "wait_s": _WAIT_S}
            for lease in caller.call("POST", "/leases", asked)["leases"]:
                (job,) = lease["jobs"]
                path = f"/leases/{lease['token']}/events"
                caller.call("POST", path, {"agent_id": AGENT, "events": [_event(1, "attempt_started", job)]})
                self._ran_at = time.perf_counter()
                self._runs.set()
                caller.call("POST", path, {"agent_id": AGENT, "events": [_ended(2, job), _event(3, "lease_ended")]})
                self._free.set()


class _Caller:
    """One kept connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_S)

    def call(self, method: str, path: str, body: object) -> Any:
        """Send JSON and read JSON. Raises BenchBroke for an answer that is none of success."""
        self._connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise BenchBroke(f"{method} {path} was answered {answer.status}: {content[:1000]!r}")
        return json.loads(content)


def _register(caller: _Caller) -> str:
    device = {
        "serial": "device-0", "target": Target.EMULATOR, "platform": Platform.ANDROID, "os_version": "14",
        "model": "bench", "tags": [],
    }  # fmt: skip
    agent = {
        "agent_id": AGENT, "name": "bench", "protocol": AGENT_PROTOCOL, "version": "bench", "has_project": True,
        "holding": [], "workers": [device],
    }  # fmt: skip
    worker_id: str = caller.call("POST", "/agents", agent)["workers"][0]["worker_id"]
    return worker_id


def _event(seq: int, kind: str, job: dict[str, Any] | None = None) -> dict[str, object]:
    of_job = {} if job is None else {"job_id": job["job_id"], "attempt": job["attempt"]}
    return {"seq": seq, "at": datetime.now(UTC).isoformat(), "kind": kind, **of_job}


def _ended(seq: int, job: dict[str, Any]) -> dict[str, object]:
    came_to = {"verdict": Verdict.PASSED, "fault": None, "message": None, "seconds": 1.0, "sessions": 1}
    return {**_event(seq, "attempt_ended", job), **came_to, "project_retries": None}


if __name__ == "__main__":
    main()
