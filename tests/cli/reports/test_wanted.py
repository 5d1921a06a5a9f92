"""What `--report` takes."""

from pathlib import Path

import click
import pytest

from qgjob.cli.reports.wanted import ReportKind, ReportType, WantedReport


def read(text: str) -> list[tuple[str, str]]:
    return [(report.kind.value, str(report.path)) for report in ReportType().convert(text, None, None)]


def test_several_reports_are_asked_for_with_commas() -> None:
    assert read("junit=a.xml,ctrf=out/b.json") == [("junit", "a.xml"), ("ctrf", "out/b.json")]


def test_a_path_may_hold_commas_and_equals_signs() -> None:
    assert read("html=out/1,2/x=1,json=b.json") == [("html", "out/1,2/x=1"), ("json", "b.json")]


@pytest.mark.parametrize("text", ["junit", "pdf=a.pdf", "junit=a.xml,cdrf=b.json", "junit=", "", "json=a,pdf=b"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read(text)


def test_what_was_read_is_read_again_as_it_is() -> None:
    wanted = (WantedReport(kind=ReportKind.JUNIT, path=Path("a.xml")),)
    assert ReportType().convert(wanted, None, None) == wanted
