"""What the farm believes before anything has run: told it as if devices had shown it once."""

from datetime import timedelta

from qgjob.core.words import OrgId, Verdict
from qgjob.core.worker_class import WorkerClass
from qgjob.service.books import learning
from qgjob.sim.trace import Trace
from qgjob.sim.words import Words
from qgjob.store import Transaction


def package_of(version: str) -> str:
    """Name the package of an app version: one of its own, since a trace says of each what it takes to install."""
    return f"simulated.{version}"


def model_of(worker_class: str) -> str:
    """Name the model of the devices of a trace's class."""
    return f"simulated {worker_class}"


def of_installs(tx: Transaction, *, trace: Trace, words: Words, org: str, version: str) -> None:
    """Believe of an app version's installations what the trace says that the farm believes."""
    for name, each in trace.installs[version].items():
        if name in words.kinds:
            target, platform = words.kinds[name]
            learning.from_install(
                tx,
                org_id=OrgId(org),
                package=package_of(version),
                worker_class=WorkerClass(target=target, platform=platform, model=model_of(name)),
                took=timedelta(seconds=each.estimate_s),
            )


def of_tests(tx: Transaction, *, trace: Trace, words: Words) -> None:
    """Believe of tests what their earlier runs took."""
    known = {(job.org, job.test, *words.asks[job.requirement]) for job in trace.jobs if job.test in trace.history}
    for org, test, target, platform in sorted(known, key=str):
        learning.from_attempt(
            tx,
            org_id=OrgId(org),
            test_path=test,
            target=target,
            platform=platform,
            took=timedelta(seconds=trace.history[test]),
            verdict=Verdict.PASSED,
        )
