"""Where the cases of a run stand in Playwright's tree: a project for each project and kind of device, files, blocks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.cli.reports.legible import legible, one_line
from qgjob.cli.reports.model import JOBS_SUITE
from qgjob.cli.reports.names import UniqueNames
from qgjob.core.words import CaseOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qgjob.cli.reports.blob_parts import Json
    from qgjob.cli.reports.evidence import Blobs
    from qgjob.cli.reports.model import Execution, ReportedCase, ReportedJob, RunReport

NOTE = "qgjob"
"""The type of the annotations in which the farm says something."""
_BETWEEN = " › "


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A case with its place in the tree. `results`: the executions that began; `entry`: as its project lists it."""

    case: ReportedCase
    test_id: str
    project: str
    titles: tuple[str, ...]
    entry: Json
    results: tuple[Execution, ...]

    @property
    def annotations(self) -> list[Json]:
        """What the farm says of the case beside its results."""
        said = [
            ("muted", "it is muted and decides nothing") if self.case.muted else None,
            (self.case.standing, _since(self.case)) if self.case.standing else None,
            ("not_run", "it did not come to its end: no result is known")
            if self.case.outcome is CaseOutcome.NOT_RUN
            else None,
        ]
        return [{"type": word, "description": text} for word, text in filter(None, said)]

    @property
    def expected(self) -> str:
        """What the test is expected to come to."""
        return self.case.last.expected if self.case.last else "passed"


def placed(run: RunReport, blobs: Blobs) -> list[Placed]:
    """Give every case its place, by the blobs where they know it, else by its title."""
    ids = UniqueNames(numbered="{}-{}")
    return [_placed(job, case, blobs, ids) for job in run.jobs for case in job.cases]


def project_events(run: RunReport, cases: Sequence[Placed]) -> Iterator[Json]:
    """Yield the projects with their whole trees."""
    by_project: dict[str, list[Placed]] = defaultdict(list)
    for case in cases:
        by_project[case.project].append(case)
    for name, inside in by_project.items():
        yield _project(name, list(_files(inside)))
    if entries := list(run.entries):
        tests = [_test(f"job-{job.job_id}", job.told_by or "", job.test_path, 0) for job in entries]
        location = {"file": JOBS_SUITE, "line": 0, "column": 0}
        yield _project(JOBS_SUITE, [{"title": JOBS_SUITE, "location": location, "entries": tests}])


def _placed(job: ReportedJob, case: ReportedCase, blobs: Blobs, ids: UniqueNames) -> Placed:
    told = blobs.test(case)
    *titles, title = (*told.titles, str(told.entry.get("title"))) if told else case.title.split(_BETWEEN)
    number = case.name.removeprefix(one_line(case.title))
    test_id = ids.give(case.case_id or case.name)
    entry = _test(test_id, f"{legible(title)}{number}", case.file, case.line)
    return Placed(
        case=case,
        test_id=test_id,
        project=_project_name(case.project, job.kind),
        titles=tuple(titles),
        entry={**entry, **{key: told.entry[key] for key in ("location", "tags") if told.entry.get(key)}}
        if told
        else entry,
        results=tuple(execution for execution in case.executions if execution.status != "not_run"),
    )


def _project_name(project: str | None, kind: str) -> str:
    return one_line(f"{project} ({kind})" if project and kind else project or kind)


def _files(cases: Iterable[Placed]) -> Iterator[Json]:
    """Yield a suite for each spec file, with the blocks in it in the order in which their first case comes."""
    files: dict[str, Json] = {}
    for case in cases:
        at = {"file": case.case.file, "line": 0, "column": 0}
        suite = files.setdefault(case.case.file, {"title": case.case.file, "location": at, "entries": []})
        for title in case.titles:
            suite = _block(suite, legible(title), at)
        suite["entries"].append(_listed(case))
    yield from files.values()


def _listed(case: Placed) -> Json:
    """List a case; what the farm says of it is a tag as well, which reports can be searched for."""
    notes = case.annotations
    return {
        **case.entry,
        "retries": max(len(case.results) - 1, 0),
        "tags": [*(case.entry.get("tags") or []), *(f"@{note['type']}" for note in notes)],
        "annotations": [*(case.entry.get("annotations") or []), *notes],
    }


def _block(suite: Json, title: str, at: Json) -> Json:
    found = next((part for part in suite["entries"] if "testId" not in part and part["title"] == title), None)
    if found is None:
        found = {"title": title, "location": at, "entries": []}
        suite["entries"].append(found)
    return found


def _test(test_id: str, title: str, file: str, line: int) -> Json:
    return {
        "testId": test_id,
        "title": title,
        "location": {"file": file, "line": max(line, 0), "column": 0},
        "retries": 0,
        "tags": [],
        "repeatEachIndex": 0,
        "annotations": [],
    }


def _project(name: str, suites: list[Json]) -> Json:
    project = {
        "metadata": {},
        "name": name,
        "outputDir": "test-results",
        "repeatEach": 1,
        "retries": 0,
        "testDir": "",
        "testIgnore": [],
        "testMatch": [],
        "timeout": 0,
        "suites": suites,
        "grep": [],
        "grepInvert": [],
        "dependencies": [],
        "snapshotDir": "",
        "use": {},
    }
    return {"method": "onProject", "params": {"project": project}}


def _since(case: ReportedCase) -> str:
    return f"since {case.failing_since}" if case.failing_since else "compared with how it did before"
