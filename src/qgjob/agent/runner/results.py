"""Playwright's own json report, read as a second witness of what the live events said."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from qgjob.agent.runner.events import CaseEnded

MOST_REPORT_BYTES = 256 * 1024 * 1024

Execution = tuple[str, int]
"""A case's id and the number of its retry."""


def disagreements(report: Path, ended: Iterable[CaseEnded]) -> list[str]:
    """One sentence for each execution that the report and the live events tell differently; empty is as it should be.

    A report that is not there or cannot be read is a disagreement of its own.
    """
    live = {(event.case.case_id, event.retry): event.status.value for event in ended}
    try:
        reported = _executions(report)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return [f"Playwright's report {report.name} cannot be read: {error!r}"]
    return [
        f"case {case_id}, retry {retry}: live it was {live.get((case_id, retry), 'not there')}, "
        f"in the report {reported.get((case_id, retry), 'not there')}"
        for case_id, retry in sorted(live.keys() | reported.keys())
        if live.get((case_id, retry)) != reported.get((case_id, retry))
    ]


def _executions(path: Path) -> Mapping[Execution, str]:
    size = path.stat().st_size
    if size > MOST_REPORT_BYTES:
        raise ValueError(f"{size} bytes are more than {MOST_REPORT_BYTES}")
    report = json.loads(path.read_bytes())
    return {
        (str(spec["id"]), int(result["retry"])): str(result["status"])
        for spec in _specs(report["suites"])
        for test in spec["tests"]
        for result in test["results"]
    }


def _specs(suites: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All specs of all suites, however deep; no recursion, so a strange report cannot exhaust the stack."""
    waiting = list(suites)
    while waiting:
        suite = waiting.pop()
        yield from suite["specs"]
        waiting += suite.get("suites", [])
