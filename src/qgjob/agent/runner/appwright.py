"""Runs Appwright projects: npm packages installed once per lockfile, then one Playwright process per round."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from qgjob.agent.processes import Processes
from qgjob.agent.project import Project, prepare_project
from qgjob.agent.runner.config import Overlay, event_reporter, evidence_reporters, write_config
from qgjob.agent.runner.environment import device_environment
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.process import RunnerProcess
from qgjob.agent.runner.request import RunnerRequest
from qgjob.binary.reader import badging_file, write_badging


class AppwrightRunner:
    """The runner of every agent that serves real devices. `home` is where projects and their packages are kept."""

    def __init__(self, processes: Processes, *, home: Path, say: Callable[[str], None]) -> None:
        self._processes = processes
        self._home = home
        self._say = say

    async def prepare(self, bundle: Path) -> Project:
        """Unpack the bundle and install its npm packages, each once."""
        return await prepare_project(bundle, self._home, self._processes, say=self._say)

    async def prepare_app(self, app: Path) -> None:
        """Answer beforehand what the driver asks aapt about the app at every session."""
        if not await asyncio.to_thread(badging_file(app).exists):
            await asyncio.to_thread(write_badging, app)

    async def start(self, request: RunnerRequest) -> RunnerProcess:
        """Start Playwright on the request's specs."""
        return await start_playwright(request, self._processes)


async def start_playwright(request: RunnerRequest, processes: Processes) -> RunnerProcess:
    """Start Playwright on the request's specs.

    Raises ConfigurationError for a spec outside of the project, InfrastructureError when Node cannot be started.
    """
    project = request.project
    root = project.folder.resolve()
    filters = request.filters()
    files = RunFiles(folder=request.work)
    overlay = Overlay(
        user_config=project.config.resolve(),
        root=root,
        project=request.project_name,
        platform=request.platform,
        build_path=request.app,
        device_name=request.device_name,
        case_timeout_s=request.case_timeout_s,
    )
    write_config(overlay, files, [*evidence_reporters(files), event_reporter(overlay, files)])
    # Appwright reads the name of the project from the command line, as two words after the files.
    grep = request.grep_argument()
    named = [] if request.project_name is None else ["--project", request.project_name]
    return await RunnerProcess.start(
        ["node", str(project.playwright_cli), "test", *filters, *grep, "--config", str(files.config), *named],
        name=f"playwright {' '.join(request.files)}",
        env=device_environment(request.env, home=files.folder, gateway_port=request.gateway_port),
        cwd=root,
        files=files,
        processes=processes,
    )
