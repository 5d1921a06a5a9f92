"""Names that are unique in a run: of suites (file, project, kind of device), of cases in them, and of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.reports.legible import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qgjob.wire.jobs import JobPayload, JobShown

_ASKED = ("app_version_id", "target", "platform", "os_version", "model", "tags", "pin")
"""What tells apart jobs that run the same test, in the order in which it is said."""


def kinds_of(jobs: Sequence[JobShown]) -> dict[str, str]:
    """Say for each job, by its id, what it asked for of that in which the jobs of the run differ; often nothing."""
    asked = {job["job_id"]: _asked(job["payload"]) for job in jobs}
    differing = [key for key in _ASKED if len({values[key] for values in asked.values()}) > 1]
    return {
        job_id: one_line(", ".join(values[key] for key in differing if values[key])) for job_id, values in asked.items()
    }


def suite_name(file: str, *, project: str | None, kind: str) -> str:
    """Name the suite that a case is in: its file, its project, and the kind of device where that differs in the run."""
    told = [*([f"[{project}]"] if project else []), *([f"({kind})"] if kind else [])]
    return one_line(" ".join([file or "no file", *told]))


class UniqueNames:
    """Gives each name once; a name that was given gets a number."""

    def __init__(self, *, numbered: str = "{} ({})") -> None:
        self._numbered = numbered
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def give(self, name: str) -> str:
        """Return the name, or it with the first number that is free: `name (2)`."""
        given = name
        while given in self._taken:
            number = self._next[name] = self._next.get(name, 1) + 1
            given = self._numbered.format(name, number)
        self._taken.add(given)
        return given


def _asked(payload: JobPayload) -> Mapping[str, str]:
    said = {
        "os_version": f"OS {payload['os_version']}" if payload["os_version"] else "",
        "tags": " ".join(sorted(payload["tags"])),
        "pin": f"{'only' if payload['only'] else 'rather'} on {payload['pin']}" if payload["pin"] else "",
    }
    return {
        "app_version_id": payload["app_version_id"],
        "target": payload["target"],
        "platform": payload["platform"] or "",
        "model": payload["model"] or "",
        **said,
    }
