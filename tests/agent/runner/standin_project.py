"""A project whose Playwright is a stand-in: real processes and our own real config and reporter, no packages."""

import os
from pathlib import Path

from qgjob.agent.project import Project
from qgjob.agent.runner import RunnerRequest
from qgjob.core.words import Platform

STANDIN = Path(__file__).with_name("playwright_standin.mjs")
CONFIG = 'export default {timeout: 7000, retries: 1, projects: [{name: "android", use: {platform: "android"}}]};'


def write_project(folder: Path, *, config: str = CONFIG) -> Project:
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "a.spec.js").write_text("")
    (folder / "appwright.config.mjs").write_text(config)
    return Project(
        folder=folder,
        config=folder / "appwright.config.mjs",
        playwright_cli=STANDIN,
        appwright_version="0.1.1",
        playwright_version="1.59.1",
    )


def environment(story: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "QGJOB_STORY": story}


def write_request(folder: Path, *, story: str) -> RunnerRequest:
    work = folder / "work"
    work.mkdir()
    return RunnerRequest(
        project=write_project(folder / "project"),
        specs=("tests/a.spec.js",),
        project_name="android",
        platform=Platform.ANDROID,
        app=None,
        gateway_port=5678,
        device_name="Virtual Android A",
        work=work,
        case_timeout_s=60,
        env=environment(story),
    )
