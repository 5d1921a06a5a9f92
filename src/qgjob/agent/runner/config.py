"""The Playwright config of one run: a few lines that lay our settings over the user's config, which stays untouched.

It lies in the run's own folder, outside of the project, so any number of runs can share a project. What is laid over,
and why, is in overlay.mjs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.runner.files import RunFiles
from qgjob.core.words import Platform

_OVERLAY = Path(__file__).with_name("overlay.mjs")
REPORTER_FILE = Path(__file__).with_name("reporter.cjs")

Reporter = Sequence[object]
"""A reporter as Playwright's config names it: its name or path, then its options."""


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """What one run lays over the user's config. `root` is the project's folder, `user_config` a file in it.

    `alone`: without the projects that the wanted one depends on. `build_path` and `device_name` None: the user's own
    stay. `case_timeout_s` is the most that a case may take; the user's own timeout stays where it is shorter.
    """

    user_config: Path
    root: Path
    project: str | None
    platform: Platform
    build_path: Path | None
    device_name: str | None
    case_timeout_s: float
    alone: bool = False


def write_config(overlay: Overlay, files: RunFiles, reporters: Sequence[Reporter]) -> None:
    """Write the config of a run into its folder."""
    settings = {
        "config": str(overlay.user_config),
        "root": str(overlay.root),
        "project": overlay.project,
        "platform": overlay.platform.value,
        "alone": overlay.alone,
        "buildPath": None if overlay.build_path is None else str(overlay.build_path),
        "deviceName": overlay.device_name,
        "caseTimeoutMs": round(overlay.case_timeout_s * 1000),
        "outputDir": str(files.results),
        "events": str(files.events),
        "reporters": reporters,
    }
    files.config.write_text(
        "// Written by qgjob for one run; not meant to be edited.\n"
        f"import {{ overlaid }} from {json.dumps(_OVERLAY.as_uri())};\n"
        f"export default await overlaid({json.dumps(settings, indent=2)});\n",
        encoding="utf-8",
    )


def event_reporter(overlay: Overlay, files: RunFiles) -> Reporter:
    """Our own reporter: the live events."""
    return [str(REPORTER_FILE), {"file": str(files.events), "root": str(overlay.root)}]


def evidence_reporters(files: RunFiles) -> list[Reporter]:
    """Playwright's own reporters, for people and later tools."""
    return [
        ["list"],
        ["json", {"outputFile": str(files.report)}],
        ["blob", {"outputDir": str(files.blob), "fileName": "report.zip"}],
    ]
