"""Writes the reports that were asked for, each whole or not at all; one that cannot be made stops no other."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, assert_never

from qgjob.cli.reports.gather import gather
from qgjob.cli.reports.wanted import ReportKind
from qgjob.core.errors import ConfigurationError, InfrastructureError, QgjobError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qgjob.cli.reports.model import RunReport
    from qgjob.cli.reports.wanted import WantedReport
    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client


def write_reports(
    client: Client, say: Say, run_id: str, wanted: Sequence[WantedReport], *, project: Project | None
) -> None:
    """Write all of them, in place of what is there. `project`: whose own Playwright makes the HTML report.

    Raises ConfigurationError or InfrastructureError with a sentence for each that could not be written, when all that
    could be are; NotFound for a run that is not there. No Playwright of this machine is started but for HTML.
    """
    if not wanted:
        return
    run = gather(client, run_id)
    problems: list[QgjobError] = []
    for report in wanted:
        try:
            _write(client, say, run, report, project)
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


def _write(client: Client, say: Say, run: RunReport, report: WantedReport, project: Project | None) -> None:
    """Import the one format that is wanted, and let it write."""
    del client, say, project
    match report.kind:
        case ReportKind.JUNIT:
            from qgjob.cli.reports.junit import junit  # noqa: PLC0415

            _put(report.path, partial(junit, run))
        case ReportKind.CTRF:
            from qgjob.cli.reports.ctrf import ctrf  # noqa: PLC0415

            _put(report.path, partial(ctrf, run))
        case ReportKind.JSON:
            from qgjob.cli.reports.plain_json import plain_json  # noqa: PLC0415

            _put(report.path, partial(plain_json, run))
        case ReportKind.ALLURE | ReportKind.BLOB | ReportKind.HTML:
            raise ConfigurationError(f"{report.kind} is not written yet")
        case _:
            assert_never(report.kind)


def _put(path: Path, made: Callable[[], bytes]) -> None:
    """Replace the file in one step: whoever reads it finds the old one or the new one, whole."""
    content = made()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
