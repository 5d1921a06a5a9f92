"""Which reports somebody asks for: `junit=a.xml,ctrf=b.json`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click


class ReportKind(StrEnum):
    """A format that a run can be written in. HTML and ALLURE are folders, the others files."""

    JUNIT = "junit"
    CTRF = "ctrf"
    HTML = "html"
    JSON = "json"
    ALLURE = "allure"
    BLOB = "blob"


@dataclass(frozen=True, kw_only=True)
class WantedReport:
    """One report and where it goes."""

    kind: ReportKind
    path: Path


class ReportType(click.ParamType[tuple[WantedReport, ...]]):
    """`KIND=PATH`, or several with commas between. A path may hold commas and equals signs."""

    name = "KIND=PATH[,…]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[WantedReport, ...]:
        """Split at the commas that a kind follows."""
        if isinstance(value, tuple):
            return value
        wanted: list[WantedReport] = []
        for part in str(value).split(","):
            kind, sign, path = part.partition("=")
            if sign and kind.strip() in set(ReportKind):
                wanted.append(WantedReport(kind=ReportKind(kind.strip()), path=Path(path)))
            elif wanted and not _is_meant_as_kind(kind, sign):
                wanted[-1] = WantedReport(kind=wanted[-1].kind, path=Path(f"{wanted[-1].path},{part}"))
            else:
                self.fail(f"{part!r} is not KIND=PATH, with KIND one of {', '.join(ReportKind)}", param, ctx)
        if nowhere := [report.kind for report in wanted if report.path == Path()]:
            self.fail(f"{nowhere[0]} names no path: write {nowhere[0]}=PATH", param, ctx)
        return tuple(wanted)


def _is_meant_as_kind(word: str, sign: str) -> bool:
    """Whether this is a mistyped kind rather than the rest of a path with a comma in it."""
    return bool(sign) and word.strip().isalpha()
