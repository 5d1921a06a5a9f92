"""One blob of the whole run, for `playwright merge-reports`: any report that Playwright knows can be made of it.

The blobs of the runner processes are cut to this run: of each case only the executions that count, with retry numbers
by their order. Executions of which no blob tells are put in from the farm's records, and so is every job that no case
tells of. Playwright decides by all executions where the farm decides by the last one: an earlier one that would make it
decide otherwise is `interrupted` here, and an annotation says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

from qgjob import __version__
from qgjob.cli.reports.blob_parts import sound_end, sound_moment
from qgjob.cli.reports.blob_tree import NOTE, Placed, placed, project_events
from qgjob.cli.reports.evidence import FROM_RECORDS
from qgjob.cli.reports.legible import legible
from qgjob.cli.reports.playwright_blob import DAMAGED, VERSION
from qgjob.core.words import CaseOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from qgjob.cli.reports.blob_parts import Json
    from qgjob.cli.reports.evidence import Blobs, KeptFile
    from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport
    from qgjob.cli.reports.playwright_blob import Blob, BlobResult


class MergedBlob:
    """The blob of a run while it is written."""

    def __init__(self, run: RunReport, blobs: Blobs) -> None:
        self._run = run
        self._blobs = blobs
        self._cases = placed(run, blobs)
        self._workers: dict[str, int] = {}
        self._resources: dict[tuple[Path, str], str] = {}
        self._files: dict[Path, str] = {}

    def write(self, to: Path) -> None:
        """Write the zip file; nothing of it is there before all of it is."""
        events = to.with_name(f"{to.name}.events")
        part = to.with_name(f"{to.name}.part")
        try:
            with events.open("w", encoding="utf-8") as lines:
                for event in self._events():
                    lines.write(json.dumps(event) + "\n")
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                self._copy_resources(archive)
                for path, name in self._files.items():
                    archive.write(path, name)
                archive.write(events, "report.jsonl")
            part.replace(to)
        finally:
            events.unlink(missing_ok=True)
            part.unlink(missing_ok=True)

    def _copy_resources(self, archive: zipfile.ZipFile) -> None:
        for source in dict.fromkeys(path for path, _ in self._resources):
            with zipfile.ZipFile(source) as blob:
                for (path, name), new_name in self._resources.items():
                    if path == source:
                        # A file that is damaged stays as far as it goes: it is one attachment of many.
                        with suppress(*DAMAGED), archive.open(new_name, "w") as copy, blob.open(name) as kept:
                            shutil.copyfileobj(kept, copy)

    def _events(self) -> Iterator[Json]:
        metadata = {"version": VERSION, "userAgent": f"qgjob/{__version__}", "pathSeparator": "/"}
        yield _event("onBlobReportMetadata", **metadata)
        yield _event("onConfigure", config=self._config())
        yield from project_events(self._run, self._cases)
        yield {"method": "onBegin"}
        most = max((len(case.results) for case in self._cases), default=0)
        for retry in range(most):
            yield from self._results(retry)
        for number, job in enumerate(self._run.entries):
            yield from self._entry(job, number)
        passed = self._run.verdicts.keys() <= {"passed", "flaky"}
        result = {
            "status": "passed" if passed and not any(job.problem for job in self._run.entries) else "failed",
            "startTime": _ms(self._run.created_at),
            "duration": _ms(self._run.ended_at) - _ms(self._run.created_at),
        }
        yield _event("onEnd", result=result)

    def _config(self) -> Json:
        return {
            "globalTimeout": 0,
            "maxFailures": 0,
            "metadata": {"qgjob": {"run_id": self._run.run_id, "org_id": self._run.org_id}},
            "rootDir": self._blobs.root,
            "shard": None,
            "version": "",
            "workers": 1,
            "globalSetup": None,
            "globalTeardown": None,
            "tags": [],
            "webServer": None,
        }

    def _results(self, retry: int) -> Iterator[Json]:
        """Tell of one execution of each case that has so many; those of one blob together, which reads it once."""
        due = [(case, case.results[retry]) for case in self._cases if retry < len(case.results)]
        for case, execution in sorted(due, key=lambda each: self._order(*each)):
            blob = self._blobs.of(case.case, execution)
            if blob is None:
                yield from self._recorded(case, execution, retry)
            else:
                yield from self._told(case, execution, retry, blob)

    def _order(self, case: Placed, execution: Execution) -> str:
        return str(self._blobs.path(case.case.job_id, execution.attempt) or "")

    def _told(self, case: Placed, execution: Execution, retry: int, blob: Blob) -> Iterator[Json]:
        """Tell of an execution as its blob does, under our ids, our number and the status that the farm decided on."""
        told = blob.results[case.case.case_id]
        ids = {"testId": case.test_id, "resultId": _result_id(case, retry)}
        began = round(sound_moment(told.begin.get("startTime"))) or _start(execution)
        yield self._begin(case, execution, retry, began)
        for event in told.events:
            step = event["params"].get("step")
            if step and "attachments" in step:
                step["attachments"] = [place for place in step["attachments"] if 0 <= place < len(told.attachments)]
            yield {"method": event["method"], "params": {**event["params"], **ids}}
        yield self._end(case, execution, retry, self._ending(case, told, blob))

    def _ending(self, case: Placed, told: BlobResult, blob: Blob) -> Json:
        end = told.end or sound_end({}, {})
        attachments = [self._attachment(attachment, blob) for attachment in told.attachments]
        return {**end, "attachments": attachments, "annotations": [*end["annotations"], *case.annotations]}

    def _attachment(self, attachment: Json, blob: Blob) -> Json:
        """Point to the file in this blob, which keeps it under a name that no other blob uses."""
        if "path" not in attachment:
            return attachment
        key = (blob.path, attachment["path"])
        suffix = attachment["path"].rpartition(".")[2]
        name = hashlib.sha256(f"{blob.path.name}/{attachment['path']}".encode()).hexdigest()[:40]
        return {**attachment, "path": self._resources.setdefault(key, f"resources/{name}.{suffix}")}

    def _kept(self, file: KeptFile) -> Json:
        name = self._files.setdefault(file.path, f"resources/{file.path.name}")
        return {"name": file.name, "contentType": file.content_type, "path": name}

    def _recorded(self, case: Placed, execution: Execution, retry: int) -> Iterator[Json]:
        """Tell of an execution from the farm's records alone."""
        yield self._begin(case, execution, retry, _start(execution))
        end = {
            "duration": round(execution.seconds * 1000),
            "errors": [{"message": error} for error in execution.errors],
            "attachments": [],
            "annotations": [*case.annotations, _note(f"execution {retry + 1} is {FROM_RECORDS}")],
        }
        yield self._end(case, execution, retry, end)

    def _begin(self, case: Placed, execution: Execution, retry: int, began: int) -> Json:
        worker = self._workers.setdefault(execution.worker_id, len(self._workers))
        result = {"id": _result_id(case, retry), "retry": retry, "workerIndex": worker, "parallelIndex": worker}
        return _event("onTestBegin", testId=case.test_id, result={**result, "startTime": began})

    def _end(self, case: Placed, execution: Execution, retry: int, ending: Json) -> Json:
        test = {"testId": case.test_id, "expectedStatus": case.expected, "timeout": 0, "annotations": []}
        ending["attachments"] += [self._kept(file) for file in self._blobs.kept(case.case, execution)]
        status = status_for(case.case, execution)
        if status != execution.status:
            ending["annotations"].append(_note(f"execution {retry + 1} was {execution.status}"))
        return _event("onTestEnd", test=test, result={"id": _result_id(case, retry), "status": status, **ending})

    def _entry(self, job: ReportedJob, number: int) -> Iterator[Json]:
        """Tell of a job as a test of its own."""
        test_id, result_id = f"job-{job.job_id}", f"job-{number}"
        began = _ms(job.started_at or self._run.created_at)
        begin = {"id": result_id, "retry": 0, "workerIndex": 0, "parallelIndex": 0, "startTime": began}
        yield _event("onTestBegin", testId=test_id, result=begin)
        end = {
            "id": result_id,
            "duration": 0,
            "status": "passed" if job.problem is None else "failed",
            "errors": [] if job.problem is None else [{"message": legible(job.problem)}],
            "annotations": [_note(f"{job.verdict or 'no verdict'}, job {job.job_id}, {job.attempts} attempts")],
        }
        test = {"testId": test_id, "expectedStatus": "passed", "timeout": 0, "annotations": []}
        yield _event("onTestEnd", test=test, result=end)


def status_for(case: ReportedCase, execution: Execution) -> str:
    """Choose the status under which Playwright, which looks at all executions, comes to what the farm did."""
    last = execution is case.last
    if last and case.outcome is CaseOutcome.NOT_RUN:
        return "interrupted"
    counts = last or (execution.failed and case.outcome in {CaseOutcome.FAILED, CaseOutcome.FLAKY})
    harmless = (
        execution.ok and execution.status != "skipped" and case.outcome in {CaseOutcome.PASSED, CaseOutcome.FLAKY}
    )
    if not counts and not harmless:
        return "interrupted"
    expected = case.last.expected if case.last else execution.expected
    if counts and not last and execution.status == expected:
        return "failed" if expected == "passed" else "passed"  # what is expected of it has changed since
    return expected if harmless and not last else execution.status


def _result_id(case: Placed, retry: int) -> str:
    return f"{case.test_id}#{retry}"


def _start(execution: Execution) -> int:
    return _ms(execution.started_at) if execution.started_at else 0


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _note(text: str) -> Json:
    return {"type": NOTE, "description": text}


def _event(method: str, **params: object) -> Json:
    return {"method": method, "params": params}
