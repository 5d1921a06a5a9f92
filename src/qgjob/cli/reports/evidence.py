"""Fetches what the attempts of a run left behind: blobs, one for each runner process, and what belongs to a case.

A file of a case is fetched where no blob has it: what the screen of the device showed, and all where there is no blob.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.cli.reports.playwright_blob import Unreadable, read_blob
from qgjob.core.errors import NotFound
from qgjob.core.evidence import DEVICE_SCREEN, plain_name
from qgjob.core.words import CaseStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport
    from qgjob.cli.reports.playwright_blob import Blob, BlobTest
    from qgjob.client import Client
    from qgjob.wire.jobs import EvidenceShown

BLOB = "blob"
"""The kind of evidence that it is."""
_OF_CASES = frozenset({"screenshot", "trace", "attachment"})
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_MOST_OPEN = 4

Attempt = tuple[str, int]
"""A job's id and the number of its attempt."""


FROM_RECORDS = "from the farm's own records: no blob tells of it"
"""What a report says of an execution without steps and attachments."""


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file that belongs to an execution. `name`: as reports show it."""

    name: str
    content_type: str
    path: Path


class Blobs:
    """The blobs of a run on this disk, by the attempts that they tell of; a few at a time are in memory."""

    def __init__(
        self,
        found: Mapping[Attempt, Path],
        *,
        files: Mapping[str, str],
        root: str,
        kept: Mapping[tuple[str, int, str], Sequence[KeptFile]] | None = None,
    ) -> None:
        self.root = root
        self._kept = kept or {}
        self._unreadable: dict[Path, str] = {}
        self._found = found
        self._files = files
        self._open: dict[Path, Blob | None] = {}

    def notes(self, run: RunReport) -> Iterator[str]:
        """Say which executions no blob tells of, and why blobs were passed over."""
        began = [(case, each) for case in run.cases for each in case.executions if each.status != CaseStatus.NOT_RUN]
        untold = sum(self.of(case, execution) is None for case, execution in began)
        if untold:
            yield (
                f"{untold} of {len(began)} executions are told from the farm's own records, without steps: the blob of "
                "their runner never came, cannot be read, or was removed when its time was up"
            )
        for why in sorted(set(self._unreadable.values())):
            yield f"A blob was passed over: {why}"

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

    def kept(self, case: ReportedCase, execution: Execution) -> Sequence[KeptFile]:
        """List the files of an execution that no blob has."""
        return self._kept.get((case.job_id, execution.attempt, case.case_id), ())

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
            self._unreadable[path] = str(error)
            return None


def fetch_blobs(client: Client, run: RunReport, *, folder: Path, root: str) -> Blobs:
    """Fetch into `folder` what the attempts whose executions count left; what is not there is left out."""
    found: dict[Attempt, Path] = {}
    kept: dict[tuple[str, int, str], list[KeptFile]] = {}
    for job in run.jobs:
        wanted = {execution.attempt for case in job.cases for execution in case.executions}
        for attempt in client.jobs.attempts(job.job_id)["attempts"] if wanted else []:
            number = attempt["attempt"]
            if number not in wanted:
                continue
            fetch = partial(_fetch, client, job.job_id, number, folder=folder)
            blob = next(
                (path for piece in attempt["evidence"] if piece["kind"] == BLOB and (path := fetch(piece))), None
            )
            if blob is not None:
                found[job.job_id, number] = blob
            for case_id, name, piece in files_of_cases(job, number, attempt["evidence"], has_blob=blob is not None):
                if path := fetch(piece):
                    kind = guess_type(name)[0] or "application/octet-stream"
                    file = KeptFile(name=name.partition(".")[0], content_type=kind, path=path)
                    kept.setdefault((job.job_id, number, case_id), []).append(file)
    return Blobs(found, files={case.case_id: case.file for case in run.cases}, root=root, kept=kept)


def files_of_cases(
    job: ReportedJob, attempt: int, evidence: Sequence[EvidenceShown], *, has_blob: bool
) -> Iterator[tuple[str, str, EvidenceShown]]:
    """Yield what belongs to a case that did not come out as it should: whose it is, and what it is called besides.

    A file whose name fits several cases alike is none's.
    """
    failed = [case for case in job.cases if any(each.attempt == attempt and not each.ok for each in case.executions)]
    titles: dict[str, list[str]] = {}
    for case in failed:
        titles.setdefault(plain_name(case.title), []).append(case.case_id)
    for piece in evidence:
        _, _, rest = piece["name"].partition("-")
        title = max((title for title in titles if rest.startswith(f"{title}-")), key=len, default="")
        what = rest.removeprefix(f"{title}-")
        is_wanted = piece["kind"] in _OF_CASES and (what == DEVICE_SCREEN or not has_blob)
        if is_wanted and len(titles.get(title, ())) == 1:
            yield titles[title][0], what, piece


def _fetch(client: Client, job_id: str, attempt: int, piece: EvidenceShown, *, folder: Path) -> Path | None:
    """Fetch a piece of evidence once, whichever attempts have it; None when its time was up meanwhile."""
    suffix = Path(piece["name"]).suffix
    path = folder / f"{piece['sha256']}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    try:
        if not path.exists():
            client.evidence.download(job_id, attempt, piece["name"], to=path, sha256=piece["sha256"])
    except NotFound:
        return None
    return path
