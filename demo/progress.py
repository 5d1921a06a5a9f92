"""Live progress: reads the farm's facts as they happen and says each in a line. It adds nothing to them."""

from collections.abc import Callable, Iterable, Mapping

from qgjob.client import Client
from qgjob.wire.apps import FactShown

WAIT_S = 1.0


def follow(
    client: Client,
    job_ids: set[str],
    *,
    say: Callable[[str], None],
    asides: Callable[[], Iterable[str]],
    check: Callable[[], None],
) -> None:
    """Say what happens until every job has ended. `check` raises when a program of the farm is gone."""
    workers = {worker["worker_id"]: worker["model"] for worker in client.workers.all()["workers"]}
    open_jobs, after = set(job_ids), 0
    while open_jobs:
        check()
        for line in asides():
            say(f"{'agent':<18} {line}")
        for fact in client.farm.facts(after=after, wait_s=WAIT_S)["facts"]:
            after = fact["fact_id"]
            if (news := sentence(fact)) is not None:
                say(f"{workers.get(fact['worker_id'] or '', 'farm'):<18} {news}")
            if fact["kind"] == "job_ended":
                open_jobs.discard(fact["job_id"] or "")


def sentence(fact: FactShown) -> str | None:
    """One line about a fact; None for those that say nothing new to somebody who watches."""
    data: Mapping[str, object] = fact["data"]
    match fact["kind"]:
        case "lease_granted":
            return f"takes {_count(data['jobs'], 'job')} of {data['app_version_id']}: {data['reason']}"
        case "install_started":
            return f"installs {data['app_version_id']}"
        case "install_done" if data["reused"]:
            return f"has {data['app_version_id']} already: nothing to install (proof: {data['proof']})"
        case "install_done":
            return f"installed {data['app_version_id']} in {_seconds(data['seconds'])} (proof: {data['proof']})"
        case "install_failed":
            return f"could not install {data['app_version_id']}: {data['message']}"
        case "attempt_started":
            return f"runs {data['test_path']}"
        case "case_ended":
            mark = "ok    " if data["ok"] else "FAILED"
            return f"{mark} {data['title']} ({_seconds(data['seconds'])})"
        case "job_again":
            return f"runs the job again: {data['reason']}"
        case "job_ended":
            return f"{data['verdict']}: job {fact['job_id']}"
        case _:
            return None


def _count(jobs: object, noun: str) -> str:
    number = len(jobs) if isinstance(jobs, list) else jobs
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(seconds: object) -> str:
    return f"{float(str(seconds)):.1f} s"
