"""`qgjob report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.reports.wanted import ReportType
from qgjob.cli.reports.write import write_reports
from qgjob.cli.say import Say
from qgjob.cli.submission.project import find_project, named_project

if TYPE_CHECKING:
    from qgjob.cli.reports.wanted import WantedReport
    from qgjob.cli.settings import Settings


@click.command("report", epilog=EPILOG)
@click.argument("run_id", metavar="RUN_ID", help="The run, by its full id; it must be finished.")
@click.option(
    "--report",
    "reports",
    type=ReportType(),
    multiple=True,
    required=True,
    help="What to write and where: junit=FILE.xml, ctrf=FILE.json, json=FILE.json, html=DIR, allure=DIR, "
    "blob=FILE.zip; several with commas between, or the option again. What is there is replaced.",
)
@click.option(
    "--project-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The Appwright project, whose own Playwright makes the HTML report.  [default: the one around this folder]",
)
@with_settings
def report_command(
    settings: Settings, *, run_id: str, reports: tuple[tuple[WantedReport, ...], ...], project_dir: Path | None
) -> None:
    """Write reports of a finished run: JUnit, CTRF, HTML, JSON, Allure, Playwright's blob.

    All of them have the run's own counts. What each format has where, and how it marks what was flaky, muted or lost,
    is in docs/reports.md.
    """
    say = Say(settings)
    wanted = [report for part in reports for report in part]
    project = named_project(project_dir) if project_dir else find_project(Path())
    with connect(settings) as client:
        write_reports(client, say, run_id, wanted, project=project)
    written = [{"kind": report.kind, "path": str(report.path)} for report in wanted]
    say.result({"run_id": run_id, "reports": written}, [f"{report.kind}: {report.path}" for report in wanted])
