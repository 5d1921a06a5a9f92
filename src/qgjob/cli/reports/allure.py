"""Allure 2 results: one file per execution, those of a case with one historyId, which Allure shows as retries.

A case that did not come to its end is `unknown`; an execution that was broken off, and a job that no case tells of, is
`broken`. Attachments are copied out of the blobs of the runner processes, under plain names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import zipfile
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from qgjob.cli.reports.evidence import FROM_RECORDS
from qgjob.cli.reports.legible import first_line, legible, one_line
from qgjob.cli.reports.model import JOBS_SUITE
from qgjob.cli.reports.playwright_blob import DAMAGED
from qgjob.core.words import CaseOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from qgjob.cli.reports.blob_parts import Json
    from qgjob.cli.reports.evidence import Blobs, KeptFile
    from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport
    from qgjob.cli.reports.playwright_blob import Blob, BlobResult

_STATUS = {
    CaseOutcome.PASSED: "passed",
    CaseOutcome.FLAKY: "passed",
    CaseOutcome.FAILED: "failed",
    CaseOutcome.SKIPPED: "skipped",
    CaseOutcome.NOT_RUN: "unknown",
}
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]{1,100}")
_SUFFIX = re.compile(r"[A-Za-z0-9]{1,10}")


def write_allure(run: RunReport, blobs: Blobs, folder: Path) -> None:
    """Fill an empty folder with the results of a run."""
    for case in run.cases:
        for result in _results(run, case, blobs, folder):
            _put(folder, result)
    for job in run.entries:
        _put(folder, _entry(run, job))
    lines = {"run": run.run_id, "org": run.org_id, "app_version": ", ".join(run.app_versions)}
    text = "".join(f"{key}={_property(value)}\n" for key, value in lines.items())
    (folder / "environment.properties").write_text(text, encoding="utf-8")


def _results(run: RunReport, case: ReportedCase, blobs: Blobs, folder: Path) -> Iterator[Json]:
    """Yield a result for each execution, each later than the one before: Allure takes the latest for the result."""
    stopped = _ms(run.created_at)
    for execution in case.executions or (None,):
        start = stopped + 1
        if execution is not None and execution.started_at is not None:
            start = max(start, _ms(execution.started_at))
        stopped = start + round(execution.seconds * 1000 if execution else 0)
        uuid = _uuid(case.job_id, case.suite, case.name, str(execution.retry if execution else 0))
        blob = blobs.of(case, execution) if execution else None
        yield {
            **_identity(uuid, suite=case.suite, name=case.name),
            "status": _status(case, execution),
            "statusDetails": _details(case, execution),
            "start": start,
            "stop": stopped,
            "labels": _labels(case.suite, host=execution.worker if execution else "", package=case.file, case=case),
            **({} if blob or not execution else {"description": f"Told {FROM_RECORDS}."}),
            "attachments": [
                *(_attachments(blob.results[case.case_id], blob, folder, uuid) if blob else ()),
                *(_kept(file, folder, uuid) for file in (blobs.kept(case, execution) if execution else ())),
            ],
        }


def _identity(uuid: str, *, suite: str, name: str) -> Json:
    key = hashlib.md5(f"{suite}\0{name}".encode(), usedforsecurity=False).hexdigest()
    return {
        "uuid": uuid,
        "historyId": key,
        "testCaseId": key,
        "fullName": f"{suite}: {name}",
        "name": name,
        "stage": "finished",
        "steps": [],
        "parameters": [],
        "links": [],
    }


def _status(case: ReportedCase, execution: Execution | None) -> str:
    if execution is None or execution is case.last:
        return _STATUS[case.outcome]
    return "failed" if execution.failed else "passed" if execution.ok else "broken"


def _details(case: ReportedCase, execution: Execution | None) -> Json:
    said = "\n\n".join(execution.errors) if execution else ""
    return {
        "message": first_line(said) or ("It did not come to its end." if case.outcome is CaseOutcome.NOT_RUN else ""),
        "trace": said,
        "flaky": case.outcome is CaseOutcome.FLAKY,
        "muted": case.muted,
        "known": case.standing == "known_failure",
    }


def _labels(suite: str, *, host: str, package: str, case: ReportedCase | None) -> Sequence[Mapping[str, str]]:
    labels = {
        "suite": suite,
        "package": package,
        "host": host,
        "framework": "playwright",
        "language": "javascript",
        "tag": case.standing or "" if case else "",
        "jobId": case.job_id if case else "",
    }
    return [{"name": name, "value": value} for name, value in labels.items() if value]


def _attachments(told: BlobResult, blob: Blob, folder: Path, uuid: str) -> Iterator[Mapping[str, str]]:
    """Copy what was attached to an execution beside its result, and yield how the result names it."""
    for number, attachment in enumerate(told.attachments):
        kind = str(attachment.get("contentType"))
        suffix = str(attachment.get("path", "")).rpartition(".")[2]
        name = f"{uuid}-{number}-attachment{f'.{suffix}' if _SUFFIX.fullmatch(suffix) else ''}"
        if _copy(blob, attachment, folder / name):
            yield {
                "name": one_line(str(attachment.get("name")), 200),
                "source": name,
                "type": kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream",
            }


def _kept(file: KeptFile, folder: Path, uuid: str) -> Mapping[str, str]:
    name = f"{uuid}-{file.path.stem[:12]}-attachment{file.path.suffix}"
    shutil.copyfile(file.path, folder / name)
    return {"name": file.name, "source": name, "type": file.content_type}


def _copy(blob: Blob, attachment: Json, to: Path) -> bool:
    """Copy an attachment out of its blob; False where the blob does not have it whole."""
    try:
        if "path" in attachment:
            with zipfile.ZipFile(blob.path) as archive, archive.open(attachment["path"]) as kept, to.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
        elif isinstance(attachment.get("base64"), str):
            to.write_bytes(base64.b64decode(attachment["base64"]))
        else:
            return False
    except (*DAMAGED, ValueError):
        to.unlink(missing_ok=True)
        return False
    return True


def _entry(run: RunReport, job: ReportedJob) -> Json:
    name = job.told_by or ""
    return {
        **_identity(_uuid(job.job_id), suite=JOBS_SUITE, name=name),
        "status": "passed" if job.problem is None else "broken",
        "statusDetails": {"message": first_line(job.problem or ""), "trace": job.problem or ""},
        "start": _ms(job.started_at or run.created_at),
        "stop": _ms(job.ended_at or run.ended_at),
        "labels": _labels(JOBS_SUITE, host="", package=job.test_path, case=None),
        "attachments": [],
    }


def _put(folder: Path, result: Json) -> None:
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (folder / f"{result['uuid']}-result.json").write_text(text, encoding="utf-8")


def _uuid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "\0".join(["qgjob:allure", *parts])))


def _property(value: str) -> str:
    return one_line(legible(value)).replace("\\", "\\\\")


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
