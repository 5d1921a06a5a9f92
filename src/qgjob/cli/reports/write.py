"""Writes the reports that were asked for, each whole or not at all; one that cannot be made stops no other."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from qgjob.cli.reports.gather import gather
from qgjob.cli.reports.wanted import ReportKind
from qgjob.core.errors import ConfigurationError, InfrastructureError, QgjobError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qgjob.cli.reports.evidence import Blobs
    from qgjob.cli.reports.wanted import WantedReport
    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client

_NO_ROOT = "/project"
"""Where the project is said to lie where there is none on this machine."""


def write_reports(
    client: Client, say: Say, run_id: str, wanted: Sequence[WantedReport], *, project: Project | None
) -> None:
    """Write all of them, in place of what is there. `project`: whose own Playwright makes the HTML report.

    Raises ConfigurationError or InfrastructureError with a sentence for each that could not be written, when all that
    could be are; NotFound for a run that is not there.
    """
    if not wanted:
        return
    problems: list[QgjobError] = []
    with ExitStack() as stack:
        writer = _Writer(client, say, run_id, project, stack)
        for report in wanted:
            try:
                writer.write(report)
            except (QgjobError, OSError) as error:
                problems.append(_problem(error, report))
            else:
                say.progress(f"Wrote the {report.kind} report of run {run_id} to {report.path}")
    if problems:
        sentence = "\n".join(problem.message for problem in problems)
        raise type(problems[0])(sentence) if len(problems) > 1 else problems[0]


def _problem(error: QgjobError | OSError, report: WantedReport) -> QgjobError:
    what = f"the {report.kind} report was not written to {report.path}"
    if isinstance(error, ConfigurationError | OSError):
        return ConfigurationError(f"{what}: {getattr(error, 'message', error)}")
    return InfrastructureError(f"{what}: {error.message}")


class _Writer:
    """Writes reports of one run; what several of them need is made once, in folders that `stack` removes."""

    def __init__(self, client: Client, say: Say, run_id: str, project: Project | None, stack: ExitStack) -> None:
        self._client = client
        self._say = say
        self._project = project
        self._stack = stack
        self._run = gather(client, run_id)

    def write(self, report: WantedReport) -> None:
        """Write one, with the one module that it needs."""
        match report.kind:
            case ReportKind.JUNIT:
                from qgjob.cli.reports.junit import junit  # noqa: PLC0415

                _put(report.path, lambda part: part.write_bytes(junit(self._run)))
            case ReportKind.CTRF:
                from qgjob.cli.reports.ctrf import ctrf  # noqa: PLC0415

                _put(report.path, lambda part: part.write_bytes(ctrf(self._run)))
            case ReportKind.JSON:
                from qgjob.cli.reports.plain_json import plain_json  # noqa: PLC0415

                _put(report.path, lambda part: part.write_bytes(plain_json(self._run)))
            case ReportKind.BLOB:
                _put(report.path, partial(shutil.copyfile, self._blob))
            case ReportKind.HTML:
                from qgjob.cli.reports.html import playwright_of, write_html  # noqa: PLC0415

                cli = playwright_of(self._project)
                write_html(self._blob, report.path, cli=cli)
            case ReportKind.ALLURE:
                from qgjob.cli.reports.allure import write_allure  # noqa: PLC0415
                from qgjob.cli.reports.folders import ALLURE_NAMES, fresh_folder  # noqa: PLC0415

                with fresh_folder(report.path, names=ALLURE_NAMES) as folder:
                    write_allure(self._run, self._blobs, folder)
            case _:
                assert_never(report.kind)

    @cached_property
    def _blobs(self) -> Blobs:
        from qgjob.cli.reports.evidence import fetch_blobs  # noqa: PLC0415

        root = self._project.root.as_posix() if self._project else _NO_ROOT
        blobs = fetch_blobs(self._client, self._run, folder=self._folder(), root=root)
        for note in blobs.notes(self._run):
            self._say.progress(note)
        return blobs

    @cached_property
    def _blob(self) -> Path:
        from qgjob.cli.reports.blob import MergedBlob  # noqa: PLC0415

        path = self._folder() / "report.zip"
        MergedBlob(self._run, self._blobs).write(path)
        return path

    def _folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="qgjob-report-")))


def _put(path: Path, fill: Callable[[Path], object]) -> None:
    """Replace the file in one step by one that `fill` writes: whoever reads it finds the old one or the new, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        fill(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
