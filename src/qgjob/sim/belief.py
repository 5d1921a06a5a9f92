"""What the farm believes before anything has run: told it as if devices had shown it once."""

from datetime import timedelta

from qgjob.core.job import JobRequest
from qgjob.core.words import AppVersionId, OrgId, Verdict
from qgjob.service.books import learning
from qgjob.sim.trace import Trace
from qgjob.sim.words import Words
from qgjob.store import Transaction


def package_of(version: str) -> str:
    """Name the package of an app version: one of its own, since a trace says of each what it takes to install."""
    return f"simulated.{version}"


def of_installs(tx: Transaction, *, trace: Trace, words: Words, org: str, version: str) -> None:
    """Believe of an app version's installations what the trace says that the farm believes."""
    for target, took_s in {
        words.kinds[name][0]: each.estimate_s for name, each in trace.installs[version].items() if name in words.kinds
    }.items():
        learning.from_install(
            tx, org_id=OrgId(org), package=package_of(version), target=target, took=timedelta(seconds=took_s)
        )


def of_tests(tx: Transaction, *, trace: Trace, words: Words) -> None:
    """Believe of tests what their earlier runs took."""
    known = {(job.org, job.test, words.asks[job.requirement][0]) for job in trace.jobs if job.test in trace.history}
    for org, test, target in sorted(known):
        request = JobRequest(org_id=OrgId(org), app_version_id=AppVersionId("earlier"), test_path=test, target=target)
        took = timedelta(seconds=trace.history[test])
        learning.from_attempt(tx, request, known=None, took=took, verdict=Verdict.PASSED)
