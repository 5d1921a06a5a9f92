"""What was accepted: the ids of a run and its jobs, as scripts expect to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.say import Block
    from qgjob.cli.submission.submit import Submitted


def accepted_document(submitted: Submitted) -> object:
    """Write the run and its jobs for scripts, with the names that a run has later on as well."""
    jobs = [
        {"job_id": job_id, "test_path": test_path, "status": JobStatus.PENDING.value}
        for job_id, test_path in submitted.tests.items()
    ]
    return {
        "run_id": submitted.run_id,
        "status": JobStatus.PENDING.value,
        "job_ids": list(submitted.tests),
        "job_list": jobs,
        "unserved": list(submitted.unserved),
    }


def accepted_view(submitted: Submitted) -> Iterator[Block]:
    """Show per job the lines that scripts rely on: `Job ID: <uuid>` and `Status: PENDING`."""
    for job_id, test_path in submitted.tests.items():
        yield f"Test: {test_path}"
        yield f"Job ID: {job_id}"
        yield f"Status: {JobStatus.PENDING.upper()}"
    yield f"Run ID: {submitted.run_id}"


def unserved_view(submitted: Submitted) -> Iterator[str]:
    """Say of the jobs that nobody can serve now why that is; they are accepted, and wait."""
    for why in submitted.unserved:
        if why["jobs"] == len(submitted.tests):
            yield f"Nobody can run this now: {why['message']} It waits until somebody can."
        else:
            jobs = "1 job" if why["jobs"] == 1 else f"{why['jobs']} jobs"
            yield f"Nobody can run {jobs} of these now: {why['message']} The rest does not wait for that."
