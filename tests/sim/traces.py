"""Tiny workloads whose every moment can be worked out by hand."""

from collections.abc import Mapping, Sequence

from qgjob.core.words import Priority
from qgjob.sim.trace import Install, Trace, TraceJob, TraceWorker

INSTALL = Install(seconds=100, estimate_s=100)


def a_job(
    job: str,
    *,
    seconds: float = 60,
    version: str = "v1",
    run: str | None = None,
    org: str = "acme",
    requirement: str = "phone",
    submit_s: float = 0,
    priority: Priority = Priority.NORMAL,
) -> TraceJob:
    return TraceJob(
        job=job,
        run=run or f"run of {version}",
        org=org,
        app_version=version,
        requirement=requirement,
        priority=priority,
        submit_s=submit_s,
        test=f"tests/{job}",
        seconds=seconds,
    )


def a_worker(name: str, worker_class: str = "phone", *down: tuple[float, float]) -> TraceWorker:
    return TraceWorker(name=name, worker_class=worker_class, down=down)


def a_trace(
    jobs: Sequence[TraceJob],
    *,
    workers: Sequence[TraceWorker] = (a_worker("p1"),),
    requirements: Mapping[str, frozenset[str]] | None = None,
    install: Install = INSTALL,
    history: Mapping[str, float] | None = None,
) -> Trace:
    classes = {worker.worker_class for worker in workers}
    return Trace(
        name="tiny",
        workers=tuple(workers),
        requirements=requirements or {"phone": frozenset({"phone"})},
        installs={job.app_version: dict.fromkeys(classes, install) for job in jobs},
        history=history or {},
        jobs=tuple(jobs),
    )
