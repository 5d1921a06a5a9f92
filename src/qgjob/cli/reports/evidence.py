"""Fetches the blobs that the attempts of a run left behind. Those of one runner process are one file, fetched once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.reports.playwright_blob import Unreadable, read_blob
from qgjob.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qgjob.cli.reports.model import Execution, ReportedCase, RunReport
    from qgjob.cli.reports.playwright_blob import Blob, BlobTest
    from qgjob.client import Client

BLOB = "blob"
"""The kind of evidence that it is."""
_MOST_OPEN = 4

Attempt = tuple[str, int]
"""A job's id and the number of its attempt."""


class Blobs:
    """The blobs of a run on this disk, by the attempts that they tell of; a few at a time are in memory."""

    def __init__(self, found: Mapping[Attempt, Path], *, files: Mapping[str, str], root: str) -> None:
        self.root = root
        self.unreadable: dict[Path, str] = {}
        self._found = found
        self._files = files
        self._open: dict[Path, Blob | None] = {}

    def path(self, job_id: str, attempt: int) -> Path | None:
        """Name the file that tells of an attempt, if any does."""
        return self._found.get((job_id, attempt))

    def of(self, case: ReportedCase, execution: Execution) -> Blob | None:
        """Return the blob that tells of an execution to its end."""
        path = self.path(case.job_id, execution.attempt)
        if path is None or (blob := self._read(path)) is None:
            return None
        told = blob.results.get(case.case_id)
        return blob if told is not None and told.end is not None and case.case_id in blob.tests else None

    def test(self, case: ReportedCase) -> BlobTest | None:
        """Return the case as a blob lists it; the last execution is asked first."""
        for execution in reversed(case.executions):
            if blob := self.of(case, execution):
                return blob.tests[case.case_id]
        return None

    def _read(self, path: Path) -> Blob | None:
        if path not in self._open:
            if len(self._open) >= _MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[path] = self._try(path)
        return self._open[path]

    def _try(self, path: Path) -> Blob | None:
        try:
            return read_blob(path, files=self._files, root=self.root)
        except Unreadable as error:
            self.unreadable[path] = str(error)
            return None


def fetch_blobs(client: Client, run: RunReport, *, folder: Path, root: str) -> Blobs:
    """Fetch all blobs of the attempts whose executions count into `folder`; what is not there is left out."""
    found: dict[Attempt, Path] = {}
    for job in run.jobs:
        wanted = {execution.attempt for case in job.cases for execution in case.executions}
        if not wanted:
            continue
        for attempt in client.jobs.attempts(job.job_id)["attempts"]:
            evidence = next((piece for piece in attempt["evidence"] if piece["kind"] == BLOB), None)
            if attempt["attempt"] in wanted and evidence is not None:
                path = folder / f"{evidence['sha256']}.zip"
                if path.exists() or _fetch(client, job.job_id, attempt["attempt"], evidence["name"], path):
                    found[job.job_id, attempt["attempt"]] = path
    return Blobs(found, files={case.case_id: case.file for case in run.cases}, root=root)


def _fetch(client: Client, job_id: str, attempt: int, name: str, to: Path) -> bool:
    """Fetch one; False when its time was up meanwhile."""
    try:
        client.evidence.download(job_id, attempt, name, to=to, sha256=to.stem)
    except NotFound:
        return False
    return True
