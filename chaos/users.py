"""The users of a farm in chaos: they submit, cancel, retry and look, and write down what they are told."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from chaos import project
from chaos.asking import Answer, Asking
from chaos.diary import Accepted, Diary, Ending
from chaos.project import Bundle

_PAUSES_S = (0.05, 0.5)
_MOST_SPECS = 5
_FINAL = frozenset({"completed", "failed", "cancelled"})
_CONFLICT = 409
_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is common to all users of a run."""

    asking: Asking
    diary: Diary
    bundle: Bundle


async def stock(errand: Errand) -> None:
    """Upload the apps and the project of both orgs."""
    for org_id in project.ORGS:
        for version in project.VERSIONS[org_id]:
            await errand.asking.put(f"/apps/{org_id}/{version}", project.binary_of(org_id, version))
        await errand.asking.put(f"/bundles/{org_id}/{errand.bundle.sha256}", errand.bundle.content)


async def work(errand: Errand, dice: random.Random, until: asyncio.Event) -> None:
    """Be a user until it is over; what is being asked then is asked to its end."""
    deeds, weights = list(_DEEDS), list(_DEEDS.values())
    while not until.is_set():
        (deed,) = dice.choices(deeds, weights=weights)
        await deed(errand, dice)
        await asyncio.sleep(dice.uniform(*_PAUSES_S))


async def look_at_unfinished(errand: Errand) -> None:
    """Look at every job that nobody has seen final."""
    for job_id in errand.diary.unfinished:
        await _look_at(errand, job_id)


async def _submit_run(errand: Errand, dice: random.Random) -> None:
    org_id = dice.choice(project.ORGS)
    terms = _terms(errand, dice)
    paths = [_spec(dice) for _ in range(dice.randint(1, _MOST_SPECS))]
    body = {"org_id": org_id, **terms, "jobs": [{"test_path": path} for path in paths]}
    body["retry_budget"] = dice.choice([None, None, 1])
    answer = await errand.asking.post("/runs", body)
    if _done(errand, answer, "POST /runs"):
        job_ids = _job_ids(answer)
        errand.diary.runs[str(answer.body["run_id"])] = job_ids
        for job_id, path in zip(job_ids, paths, strict=True):
            errand.diary.accept(_accepted(job_id, org_id, path, terms))


async def _submit_job(errand: Errand, dice: random.Random) -> None:
    org_id, terms, path = dice.choice(project.ORGS), _terms(errand, dice), _spec(dice)
    answer = await errand.asking.post("/jobs", {"org_id": org_id, "test_path": path, **terms})
    if _done(errand, answer, "POST /jobs"):
        errand.diary.accept(_accepted(str(answer.body["job_id"]), org_id, path, terms))


async def _submit_old_job(errand: Errand, dice: random.Random) -> None:
    org_id, path = dice.choice(project.ORGS), project.spec(project.OLD, dice.randrange(3))
    terms = {
        "app_version_id": "v1",
        "target": "device",
        "max_retries": None,
        "timeout_s": None,
        "queue_timeout_s": None,
    }
    answer = await errand.asking.post("/jobs", {"org_id": org_id, "test_path": path, **terms})
    if _done(errand, answer, "POST /jobs"):
        errand.diary.accept(_accepted(str(answer.body["job_id"]), org_id, path, terms))


async def _cancel(errand: Errand, dice: random.Random) -> None:
    job = _some_job(errand, dice)
    if job is None:
        return
    errand.diary.wishes_to_cancel.add(job.job_id)
    answer = await errand.asking.post(f"/jobs/{job.job_id}/cancel")
    if answer.ok:
        _see(errand, answer.body)
    elif answer.status != _CONFLICT:
        errand.diary.complain(f"promise 1: cancelling job {job.job_id} was answered with {answer}")


async def _cancel_run(errand: Errand, dice: random.Random) -> None:
    if errand.diary.runs:
        run_id = dice.choice(list(errand.diary.runs))
        errand.diary.wishes_to_cancel.update(errand.diary.runs[run_id])
        _done(errand, await errand.asking.post(f"/runs/{run_id}/cancel"), "POST /runs/{id}/cancel")


async def _retry(errand: Errand, dice: random.Random) -> None:
    ended = sorted(errand.diary.endings)
    if not ended:
        return
    former = errand.diary.jobs[dice.choice(ended)]
    answer = await errand.asking.post(f"/jobs/{former.job_id}/retry")
    if _done(errand, answer, "POST /jobs/{id}/retry"):
        job_id = str(answer.body["job_id"])
        errand.diary.accept(replace(former, job_id=job_id, retry_of=former.job_id))


async def _retry_run(errand: Errand, dice: random.Random) -> None:
    """Submit the failed jobs of a run again; which those are, the answer does not say, but the jobs do."""
    ended = [run_id for run_id, jobs in errand.diary.runs.items() if set(jobs) <= errand.diary.endings.keys()]
    if not ended:
        return
    run_id = dice.choice(ended)
    answer = await errand.asking.post(f"/runs/{run_id}/retry", {"failed": True})
    if not answer.ok:
        return  # none of them has failed
    errand.diary.runs[str(answer.body["run_id"])] = _job_ids(answer)
    for job_id in _job_ids(answer):
        shown = await errand.asking.get(f"/jobs/{job_id}")
        former = errand.diary.jobs.get(str(shown.body.get("retry_of")))
        if former is None or former.job_id not in errand.diary.runs[run_id]:
            errand.diary.complain(f"promise 1: job {job_id} was made of a job of run {run_id}, and it is {shown}")
        else:
            errand.diary.accept(replace(former, job_id=job_id, retry_of=former.job_id))


async def _look(errand: Errand, dice: random.Random) -> None:
    job = _some_job(errand, dice)
    if job is not None:
        await _look_at(errand, job.job_id)


async def _look_at(errand: Errand, job_id: str) -> None:
    answer = await errand.asking.get(f"/jobs/{job_id}")
    if answer.ok:
        _see(errand, answer.body)
    else:
        errand.diary.complain(f"promise 1: job {job_id} was accepted, and looking at it was answered with {answer}")


async def _list(errand: Errand, dice: random.Random) -> None:
    org_id = dice.choice(project.ORGS)
    answer = await errand.asking.get("/jobs", org_id=org_id, limit=_PAGE)
    for job in cast("Sequence[Mapping[str, object]]", answer.body.get("jobs", ())):
        payload = cast("Mapping[str, object]", job["payload"])
        if payload["org_id"] != org_id:
            errand.diary.complain(f"promise 7: the list of {org_id} shows job {job['job_id']} of {payload['org_id']}")
        _see(errand, job)


def _see(errand: Errand, shown: Mapping[str, object]) -> None:
    job_id = str(shown["job_id"])
    if shown["status"] in _FINAL and job_id in errand.diary.jobs:
        ending = Ending(
            status=str(shown["status"]), verdict=str(shown["verdict"]), completed_at=str(shown["completed_at"])
        )
        errand.diary.see(job_id, ending)


def _done(errand: Errand, answer: Answer, what: str) -> bool:
    """Nothing that users ask for here is wrong, so nothing may be refused."""
    if not answer.ok:
        errand.diary.complain(f"us: {what} was refused: {answer}")
    return answer.ok


def _terms(errand: Errand, dice: random.Random) -> Mapping[str, object]:
    return {
        "app_version_id": dice.choice(["v1", "v2"]),
        "bundle": errand.bundle.sha256,
        "platform": "android",
        "priority": dice.choice(["low", "normal", "normal", "high", "urgent"]),
        "max_retries": dice.choice([None, 0, 1, 2]),
        "timeout_s": dice.choice([None, None, project.SHORT_LIMIT_S, 30.0]),
        "queue_timeout_s": dice.choice([*[None] * 7, 1.0]),
        "reset": dice.choice(["clear", "clear", "clear", "keep", "fresh"]),
    }


def _accepted(job_id: str, org_id: str, test_path: str, terms: Mapping[str, object]) -> Accepted:
    return Accepted(
        job_id=job_id,
        org_id=org_id,
        app_version_id=str(terms["app_version_id"]),
        test_path=test_path,
        max_retries=cast("int | None", terms["max_retries"]),
        timeout_s=cast("float | None", terms["timeout_s"]),
        queue_timeout_s=cast("float | None", terms["queue_timeout_s"]),
        reset=str(terms.get("reset", "clear")),
        retry_of=None,
    )


def _spec(dice: random.Random) -> str:
    (outcome,) = dice.choices(project.OUTCOMES, weights=project.LIKELY)
    return project.spec(outcome, dice.randrange(3))


def _some_job(errand: Errand, dice: random.Random) -> Accepted | None:
    jobs = list(errand.diary.jobs.values())
    return dice.choice(jobs) if jobs else None


def _job_ids(answer: Answer) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", answer.body["job_ids"]))


_DEEDS: Mapping[Callable[[Errand, random.Random], Coroutine[object, object, None]], int] = {
    _submit_run: 6,
    _submit_job: 3,
    _submit_old_job: 2,
    _cancel: 2,
    _cancel_run: 1,
    _retry: 1,
    _retry_run: 1,
    _look: 5,
    _list: 2,
}
"""What users do, and how often."""
