"""What `qgjob submit` asks for, and how it becomes a run on the server: find, deliver, submit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.submission.app_binary import AppDelivery, WantedApp
from qgjob.cli.submission.delivery import Delivery, deliver
from qgjob.cli.submission.listing import list_files
from qgjob.cli.submission.specs import test_paths
from qgjob.cli.submission.terms import Tests, run_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.cli.submission.specs import Spec
    from qgjob.cli.submission.terms import JobTerms, WantedDevice
    from qgjob.client import Client
    from qgjob.core.words import Platform
    from qgjob.wire.jobs import RunAccepted, RunBody, UnservedShown


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
    device: WantedDevice
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
    return submitted(client.jobs.submit_run(body), body)


def submitted(accepted: RunAccepted, body: RunBody) -> Submitted:
    """Put an answer and what was asked for together."""
    paths = [job["test_path"] for job in body["jobs"]]
    return Submitted(
        run_id=accepted["run_id"],
        tests=dict(zip(accepted["job_ids"], paths, strict=True)),
        unserved=accepted.get("unserved", ()),
    )


def _prepared(client: Client, say: Say, submission: Submission) -> RunBody:
    project = submission.project
    files = list_files(project.root) if project else []
    body = run_body(_tests(submission, files), submission.terms)
    wanted = WantedApp(org_id=submission.org_id, app_version_id=submission.app_version_id, platform=submission.platform)
    if project is not None and submission.send_bundle:
        delivery = Delivery(
            wanted=wanted,
            app=submission.app,
            project=project,
            files=files,
            appwright_project=submission.appwright_project,
        )
        delivered = deliver(client, say, delivery)
        body["bundle"], body["platform"] = delivered.bundle, delivered.platform
    elif submission.app is not None:
        body["platform"] = AppDelivery(client, say, wanted).bring(submission.app)
    else:
        body["platform"] = submission.platform
    return body


def _tests(submission: Submission, files: Sequence[str]) -> Tests:
    return Tests(
        org_id=submission.org_id,
        app_version_id=submission.app_version_id,
        appwright_project=submission.appwright_project,
        paths=_test_paths(submission, files),
        devices=[submission.device],
    )


def _test_paths(submission: Submission, files: Sequence[str]) -> list[str]:
    if submission.project is None:
        return list(dict.fromkeys(spec.test_path for spec in submission.specs))
    return test_paths(submission.specs, files, cwd=submission.cwd, project=submission.project)
