"""The files by which a step hands its runner outputs and a summary."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from qgjob.cli.github.summary import summary
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from qgjob.cli.github.outcome import Outcome
    from qgjob.cli.github.surroundings import Surroundings


def write_outputs(surroundings: Surroundings, outcome: Outcome) -> None:
    """Add the outputs of the step. Their end is marked by what nobody can guess, so none can hold another one."""
    values = {"run-id": outcome.run_id or "", "status": outcome.status, "report-url": outcome.report_url or ""}
    end = f"end-{secrets.token_hex(16)}"
    lines = [line for name, value in values.items() for line in (f"{name}<<{end}", value, end)]
    _append(surroundings.output_file, "\n".join(lines) + "\n", variable="GITHUB_OUTPUT")


def write_summary(surroundings: Surroundings, outcome: Outcome) -> None:
    """Add to the summary of the step, as far as there is room for it."""
    file = surroundings.summary_file
    already = file.stat().st_size if file and file.exists() else 0
    _append(file, summary(outcome, already_bytes=already), variable="GITHUB_STEP_SUMMARY")


def _append(file: Path | None, text: str, *, variable: str) -> None:
    if file is None:
        raise ConfigurationError(f"{variable} is not set: this command is for a step of GitHub Actions, which sets it")
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)
