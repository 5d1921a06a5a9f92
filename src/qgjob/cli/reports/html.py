"""Playwright's HTML report of a run: the merged blob, and the project's own Playwright to make the pages of it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from qgjob.cli.reports.folders import HTML_NAMES, fresh_folder
from qgjob.core.errors import ConfigurationError, InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qgjob.cli.submission.project import Project

TIMEOUT_S = 600
_MOST_SAID = 2000
_CLIS = ("@playwright/test/cli.js", "playwright/cli.js")
_LEFT_OUT = ("PLAYWRIGHT_", "PW_", "PWTEST_", "PWDEBUG")
"""Settings of Playwright that are not for this run of it."""


def write_html(blob: Path, place: Path, *, cli: Path) -> None:
    """Turn the folder `place` into the HTML report of the blob; `cli` is Playwright's program."""
    with fresh_folder(place, names=HTML_NAMES) as made:
        _merge(blob, made, cli)
        if not (made / "index.html").is_file():
            raise InfrastructureError(f"{cli} merge-reports ended well and left no index.html: report it")


def playwright_of(project: Project | None) -> Path:
    """Find Playwright's program in the project; ConfigurationError says what to do where there is none."""
    if project is None:
        raise ConfigurationError(
            "Playwright's HTML report is made by the project's own Playwright, and here is no Appwright project: "
            "go to its folder or name it with --project-dir; blob=FILE.zip needs none"
        )
    for name in _CLIS:
        cli = project.root / "node_modules" / name
        if cli.is_file():
            return cli
    raise ConfigurationError(
        f"Playwright's HTML report is made by the project's own Playwright, and {project.root} has none installed: "
        "run `npm ci` there, then ask again; blob=FILE.zip needs none"
    )


def _merge(blob: Path, made: Path, cli: Path) -> None:
    command = ["node", str(cli), "merge-reports", "--reporter=html", str(blob.parent)]
    try:
        done = subprocess.run(
            command,
            cwd=blob.parent,
            env=_environment(made),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigurationError(
            "Playwright's HTML report needs Node, which is not on PATH: install it, then ask again; blob=FILE.zip "
            "needs none"
        ) from None
    except subprocess.TimeoutExpired:
        raise InfrastructureError(f"{cli} merge-reports did not end within {TIMEOUT_S} s and was ended") from None
    if done.returncode:
        said = done.stdout.decode(errors="replace")[-_MOST_SAID:].strip()
        raise InfrastructureError(f"{cli} merge-reports ended with {done.returncode} and said: {said}")


def _environment(made: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return kept | {
        "PLAYWRIGHT_HTML_OUTPUT_DIR": str(made.absolute()),
        "PLAYWRIGHT_HTML_REPORT": str(made.absolute()),  # its name before 1.45
        "PLAYWRIGHT_HTML_OPEN": "never",
        "FORCE_COLOR": "0",
    }
