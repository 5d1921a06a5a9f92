"""The one place where commands that wait meet the reports: their option, and the call that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from qgjob.cli.reports.wanted import ReportType, WantedReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client

P = ParamSpec("P")
R = TypeVar("R")

Wanted = tuple[tuple[WantedReport, ...], ...]
"""As Click hands it over: one part for each time that the option was given."""


def report_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add `--report`."""
    return click.option(
        "--report",
        "reports",
        type=ReportType(),
        multiple=True,
        help="Write reports when the run has ended: junit=FILE.xml, ctrf=FILE.json, json=FILE.json, html=DIR, "
        "allure=DIR, blob=FILE.zip; several with commas between, or the option again.",
    )(command)


def flat(wanted: Wanted) -> list[WantedReport]:
    """List the reports that are wanted, in the order in which they were."""
    return [report for part in wanted for report in part]


def reporter(say: Say, wanted: Sequence[WantedReport], *, project: Project | None) -> Callable[[Client, str], None]:
    """Return what writes these reports of a run. It raises what `write_reports` raises."""

    def report(client: Client, run_id: str) -> None:
        if wanted:
            from qgjob.cli.reports.write import write_reports  # noqa: PLC0415  # only for who wants any

            write_reports(client, say, run_id, wanted, project=project)

    return report
