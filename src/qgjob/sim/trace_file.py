"""Reads and writes traces: JSON, packed with gzip where the name ends in `.gz`. What is wrong is named by its place."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgjob.core.errors import ConfigurationError
from qgjob.core.words import Priority
from qgjob.sim.trace import Install, Trace, TraceJob, TraceWorker

FORMAT = 1

_Document = Mapping[str, Any]
"""JSON as it comes: a file is an edge."""


def read_trace(path: Path) -> Trace:
    """Read a trace. Raises ConfigurationError for a file that is none, or does not add up."""
    try:
        raw = path.read_bytes()
        document = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError) as error:
        raise ConfigurationError(f"The trace {path} cannot be read: {error}") from error
    try:
        trace = _trace_of(document, name=path.name.removesuffix(".gz").removesuffix(".json"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{path} is no trace of format {FORMAT}: {type(error).__name__} {error}") from error
    check(trace)
    return trace


def write_trace(trace: Trace, path: Path) -> None:
    """Write a trace, so that `read_trace` gives it back."""
    text = json.dumps(_document_of(trace), separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())


def check(trace: Trace) -> None:
    """Raise ConfigurationError where some of a trace could never run or means nothing."""
    if not trace.jobs or not trace.workers:
        raise ConfigurationError(f"The trace {trace.name} has no {'workers' if trace.jobs else 'jobs'}.")
    there = trace.classes
    for job in trace.jobs:
        classes = trace.requirements.get(job.requirement, frozenset()) & there.keys()
        missing = sorted(classes - trace.installs.get(job.app_version, {}).keys())
        if not classes:
            raise ConfigurationError(f"Job {job.job} asks for {job.requirement}, which no worker of the trace meets.")
        if missing:
            raise ConfigurationError(f"The trace does not say what {job.app_version} takes to install on {missing[0]}.")
        if job.seconds < 0 or job.submit_s < 0:
            raise ConfigurationError(f"Job {job.job} has a negative time.")


def _trace_of(document: _Document, *, name: str) -> Trace:
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']}")
    return Trace(
        name=str(document.get("name", name)),
        workers=tuple(
            TraceWorker(
                name=str(worker["id"]),
                worker_class=str(worker["class"]),
                down=tuple((float(since), float(until)) for since, until in worker.get("down", ())),
            )
            for worker in document["workers"]
        ),
        requirements={str(name): frozenset(classes) for name, classes in document["requirements"].items()},
        org_weights={str(org): float(weight) for org, weight in document.get("org_weights", {}).items()},
        installs={
            str(version): {str(name): Install(**times) for name, times in classes.items()}
            for version, classes in document["installs"].items()
        },
        history={str(test): float(seconds) for test, seconds in document.get("history", {}).items()},
        detect_s=float(document.get("detect_s", Trace.detect_s)),
        jobs=tuple(_job_of(job) for job in document["jobs"]),
    )


def _job_of(job: _Document) -> TraceJob:
    return TraceJob(
        job=str(job["id"]),
        run=str(job["run"]),
        org=str(job["org"]),
        app_version=str(job["app_version"]),
        requirement=str(job["requirement"]),
        priority=Priority(job["priority"]),
        submit_s=float(job["submit_s"]),
        test=str(job["test"]),
        seconds=float(job["seconds"]),
    )


def _document_of(trace: Trace) -> dict[str, object]:
    return {
        "format": FORMAT,
        "name": trace.name,
        "detect_s": trace.detect_s,
        "workers": [
            {"id": worker.name, "class": worker.worker_class} | ({"down": worker.down} if worker.down else {})
            for worker in trace.workers
        ],
        "requirements": {name: sorted(classes) for name, classes in trace.requirements.items()},
        "org_weights": dict(trace.org_weights),
        "installs": {
            version: {name: _install_document(install) for name, install in classes.items()}
            for version, classes in trace.installs.items()
        },
        "history": dict(trace.history),
        "jobs": [
            {
                "id": job.job,
                "run": job.run,
                "org": job.org,
                "app_version": job.app_version,
                "requirement": job.requirement,
                "priority": job.priority.value,
                "submit_s": job.submit_s,
                "test": job.test,
                "seconds": job.seconds,
            }
            for job in trace.jobs
        ],
    }


def _install_document(install: Install) -> dict[str, float]:
    times = {"seconds": install.seconds, "estimate_s": install.estimate_s}
    return times | ({"upload_s": install.upload_s} if install.upload_s else {})
