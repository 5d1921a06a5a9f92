"""The one place where `qgjob run` and `qgjob wait` meet the reports: their option, and the call that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qgjob.cli.say import Say
    from qgjob.cli.submission.project import Project
    from qgjob.client import Client

P = ParamSpec("P")
R = TypeVar("R")


def report_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add `--report`, once there are reports."""
    return command


def reporter(say: Say, *, project: Project | None) -> Callable[[Client, str], None]:
    """Return what writes the reports that are wanted of a run."""
    del say, project

    def report(client: Client, run_id: str) -> None:
        del client, run_id

    return report


def places(wanted: Sequence[object]) -> list[Path]:
    """List the files that the reports become."""
    del wanted
    return []
