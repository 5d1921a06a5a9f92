"""JUnit XML as Jenkins, GitLab and others read it, valid against Jenkins's junit-10.xsd.

One testcase per case, with its earlier executions inside as Surefire writes reruns: `flakyFailure` where it passed in
the end, `rerunFailure` where it did not. failures = failed; skipped = skipped; errors = not_run, and the jobs that no
case tells of. So passed + flaky = tests - failures - errors - skipped, less the entries of jobs that passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from qgjob.cli.reports.legible import first_line, one_line
from qgjob.cli.reports.model import JOBS_SUITE, Execution, ReportedCase, ReportedJob
from qgjob.core.words import CaseOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qgjob.cli.reports.model import RunReport

NOT_RUN = "not_run"
"""The `type` of the error of a case that did not come to its end."""


def junit(run: RunReport) -> bytes:
    """Write the whole document."""
    suites = [_suite(name, cases) for name, cases in run.suites.items()]
    if entries := list(run.entries):
        suites.append(_jobs_suite(entries))
    root = ET.Element("testsuites", name=f"qgjob run {run.run_id}", time=_seconds(case.seconds for case in run.cases))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(name: str, cases: Sequence[ReportedCase]) -> ET.Element:
    outcomes = [case.outcome for case in cases]
    began = [case.executions[0].started_at for case in cases if case.executions]
    workers = sorted({execution.worker for case in cases for execution in case.executions if execution.worker})
    suite = ET.Element(
        "testsuite",
        name=name,
        file=cases[0].file,
        tests=str(len(cases)),
        failures=str(outcomes.count(CaseOutcome.FAILED)),
        errors=str(outcomes.count(CaseOutcome.NOT_RUN)),
        skipped=str(outcomes.count(CaseOutcome.SKIPPED)),
        time=_seconds(case.seconds for case in cases),
        hostname=one_line(", ".join(workers)),
    )
    if at := min((at for at in began if at is not None), default=None):
        suite.set("timestamp", at.strftime("%Y-%m-%dT%H:%M:%S"))
    _add_properties(suite, cases)
    suite.extend(_testcase(case) for case in cases)
    return suite


def _add_properties(suite: ET.Element, cases: Sequence[ReportedCase]) -> None:
    """Say of which cases more is known than their results; the schema has no place for it in a testcase."""
    said = [(f"qgjob.{key}", f"{case.name}: {value}") for case in cases for key, value in _known(case).items()]
    if said:
        properties = ET.SubElement(suite, "properties")
        for key, value in said:
            ET.SubElement(properties, "property", name=key, value=one_line(value))


def _known(case: ReportedCase) -> Mapping[str, str]:
    said = {
        "muted": "true" if case.muted else None,
        "standing": case.standing,
        "failing_since": case.failing_since,
    }
    return {key: value for key, value in said.items() if value is not None}


def _testcase(case: ReportedCase) -> ET.Element:
    testcase = ET.Element("testcase", name=case.name, classname=case.suite, time=f"{case.seconds:.3f}")
    match case.outcome:
        case CaseOutcome.FAILED:
            _add_failed(testcase, case)
        case CaseOutcome.NOT_RUN:
            _fill(ET.SubElement(testcase, "error", type=NOT_RUN), _why_not_run(case), case.last)
            _add_reruns(testcase, case.earlier, "rerun")
        case CaseOutcome.SKIPPED:
            ET.SubElement(testcase, "skipped")
            _add_reruns(testcase, case.earlier, "rerun")
        case CaseOutcome.FLAKY:
            _add_reruns(testcase, case.earlier, "flaky")
        case CaseOutcome.PASSED:
            pass  # executions that were broken off make nothing flaky: they are told in words
    ET.SubElement(testcase, "system-out").text = "\n".join(_lines(case))
    return testcase


def _add_failed(testcase: ET.Element, case: ReportedCase) -> None:
    """Add the first failure as the failure and what came after it as reruns, as Surefire does."""
    failed = next((execution for execution in case.executions if execution.failed), case.last)
    failure = ET.SubElement(testcase, "failure", type=failed.status if failed else NOT_RUN)
    _fill(failure, _message(failed), failed)
    _add_reruns(testcase, [execution for execution in case.executions if execution is not failed], "rerun")


def _add_reruns(testcase: ET.Element, executions: Iterable[Execution], kind: str) -> None:
    """Add executions that did not decide: failures, and errors where one was broken off."""
    for execution in executions:
        if not execution.ok:
            tag = f"{kind}{'Failure' if execution.failed else 'Error'}"
            rerun = ET.SubElement(testcase, tag, type=execution.status, message=_message(execution))
            ET.SubElement(rerun, "stackTrace").text = _errors(execution)


def _fill(element: ET.Element, message: str, execution: Execution | None) -> None:
    element.set("message", message)
    element.text = _errors(execution) if execution else ""


def _message(execution: Execution | None) -> str:
    said = first_line("\n".join(execution.errors)) if execution else ""
    return said or (f"{execution.status}, {execution.expected} expected" if execution else "it never began")


def _errors(execution: Execution) -> str:
    return "\n\n".join([*execution.errors, f"(attempt {execution.attempt})"])


def _why_not_run(case: ReportedCase) -> str:
    said = first_line("\n".join(case.last.errors)) if case.last else ""
    return said or "It did not come to its end: no result is known."


def _lines(case: ReportedCase) -> Iterable[str]:
    """Tell what the schema has no attribute for; `[[PROPERTY|…]]` is how some consumers read properties from here."""
    yield f"{case.file}:{case.line}"
    yield f"job {case.job_id}, case {case.case_id}"
    for key, value in {"outcome": case.outcome.value, **_known(case)}.items():
        yield f"[[PROPERTY|qgjob.{key}={one_line(value)}]]"
    for execution in case.executions:
        yield f"attempt {execution.attempt} on {execution.worker}: {execution.status}"


def _jobs_suite(jobs: Sequence[ReportedJob]) -> ET.Element:
    suite = ET.Element(
        "testsuite",
        name=JOBS_SUITE,
        tests=str(len(jobs)),
        failures="0",
        errors=str(sum(job.problem is not None for job in jobs)),
        skipped="0",
        time="0.000",
    )
    for job in jobs:
        testcase = ET.SubElement(suite, "testcase", name=job.told_by or "", classname=JOBS_SUITE, time="0.000")
        if job.problem is not None:
            error = ET.SubElement(testcase, "error", type=job.verdict or "unknown", message=first_line(job.problem))
            error.text = job.problem
        ET.SubElement(testcase, "system-out").text = f"job {job.job_id}, {job.attempts} attempts"
    return suite


def _seconds(lengths: Iterable[float]) -> str:
    return f"{sum(lengths):.3f}"
