"""What `qgjob submit` asks for, and how it becomes a run on the server: find, deliver, submit."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.cli.submission.app_binary import AppDelivery, WantedApp
from qgjob.cli.submission.build import builds_among
from qgjob.cli.submission.bundle import deliver_bundle
from qgjob.cli.submission.listing import list_files
from qgjob.cli.submission.pack import Bundle, pack
from qgjob.cli.submission.specs import test_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.cli.submission.specs import Spec
    from qgjob.client import Client
    from qgjob.core.words import Platform, Priority, ResetMode, Target
    from qgjob.wire.jobs import RunBody, UnservedShown


@dataclass(frozen=True, kw_only=True)
class JobTerms:
    """How every job of the submission is to be run, and where; None leaves it to the project and the server."""

    target: Target
    priority: Priority
    reset: ResetMode
    max_retries: int | None
    retry_budget: int | None
    run_timeout_s: float | None
    idle_timeout_s: float | None
    queue_timeout_s: float | None
    os_version: str | None
    model: str | None
    tags: Sequence[str]
    pin: str | None
    only: bool
    require_worker: bool
    deadline_at: datetime | None = None
    grep: str | None = None
    supersede: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What was asked for. `project` None: the farm's workers have it themselves; so they do without `send_bundle`.

    `appwright_project` is a name in the project's config. `cwd` is where the specs were written from.
    """

    org_id: str
    app_version_id: str
    specs: Sequence[Spec]
    cwd: Path
    project: Project | None
    send_bundle: bool
    app: Path | None
    platform: Platform | None
    appwright_project: str | None
    terms: JobTerms


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A run that the server has accepted. `tests`: job id to test path, in the order submitted.

    `unserved`: why nobody can serve some of them now.
    """

    run_id: str
    tests: Mapping[str, str]
    unserved: Sequence[UnservedShown] = ()


def submit(client: Client, say: Say, submission: Submission) -> Submitted:
    """Bring project and app to the server and submit the run, all of its jobs or none.

    What is wrong with the project is found before anything is sent.
    """
    body = _prepared(client, say, submission)
    accepted = client.jobs.submit_run(body)
    paths = [job["test_path"] for job in body["jobs"]]
    return Submitted(
        run_id=accepted["run_id"],
        tests=dict(zip(accepted["job_ids"], paths, strict=True)),
        unserved=accepted.get("unserved", ()),
    )


def _prepared(client: Client, say: Say, submission: Submission) -> RunBody:
    files = list_files(submission.project.root) if submission.project else []
    body = _run_body(submission, _test_paths(submission, files))
    with tempfile.TemporaryDirectory(prefix="qgjob-") as folder:
        bundle = _packed(submission, files, Path(folder) / "bundle.zip")
        body["platform"] = _deliver_app(client, say, submission)
        if bundle is not None:
            deliver_bundle(client, say, bundle, org_id=submission.org_id)
            body["bundle"] = bundle.sha256
    return body


def _test_paths(submission: Submission, files: Sequence[str]) -> list[str]:
    if submission.project is None:
        return list(dict.fromkeys(spec.test_path for spec in submission.specs))
    return test_paths(submission.specs, files, cwd=submission.cwd, project=submission.project)


def _packed(submission: Submission, files: Sequence[str], to: Path) -> Bundle | None:
    project = submission.project
    if project is None or not submission.send_bundle:
        return None
    return pack(project.root, set(files) - builds_among(project, files), to=to)


def _deliver_app(client: Client, say: Say, submission: Submission) -> Platform | None:
    delivery = AppDelivery(
        client,
        say,
        WantedApp(org_id=submission.org_id, app_version_id=submission.app_version_id, platform=submission.platform),
    )
    if submission.app is not None:
        return delivery.bring(submission.app)
    if submission.project is not None and submission.send_bundle:
        return delivery.bring_from(submission.project, name=submission.appwright_project)
    return submission.platform


def _run_body(submission: Submission, paths: Sequence[str]) -> RunBody:
    terms = submission.terms
    return {
        "org_id": submission.org_id,
        "app_version_id": submission.app_version_id,
        "target": terms.target,
        "priority": terms.priority,
        "reset": terms.reset,
        "max_retries": terms.max_retries,
        "retry_budget": terms.retry_budget,
        "timeout_s": terms.run_timeout_s,
        "idle_timeout_s": terms.idle_timeout_s,
        "queue_timeout_s": terms.queue_timeout_s,
        "deadline": None if terms.deadline_at is None else terms.deadline_at.isoformat(),
        "supersede": terms.supersede,
        "grep": terms.grep,
        "project": submission.appwright_project,
        "os_version": terms.os_version,
        "model": terms.model,
        "tags": list(terms.tags),
        "pin": terms.pin,
        "only": terms.only,
        "require_worker": terms.require_worker,
        "metadata": dict(terms.metadata),
        "jobs": [{"test_path": path} for path in paths],
    }
