"""A fake runner: it runs no test, and comes out as the name of a spec, or the bundle, says. To test the farm itself.

It starts real programs, so whatever the agent does with those (follow, stop, kill, find again) is done for real.
"""

import asyncio
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.processes import Processes
from qgjob.agent.project import Project
from qgjob.agent.project.bundle import unpack_bundle
from qgjob.agent.runner import fake_program
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.process import RunnerProcess
from qgjob.agent.runner.request import RunnerRequest, spec_filter


class FakeRunner:
    """The runner of agents with fake devices. `home` is where projects are kept."""

    def __init__(self, processes: Processes, *, home: Path, say: Callable[[str], None]) -> None:
        self._processes = processes
        self._home = home
        self._say = say

    async def prepare(self, bundle: Path) -> Project:
        """Unpack the bundle, once; nothing in it is looked at."""
        sha256 = await asyncio.to_thread(_sha256, bundle)

        async def unpack(folder: Path) -> None:
            unpack_bundle(bundle, folder)

        folder = await built_folder(self._home / "fake-projects" / sha256, unpack, what="the files", say=self._say)
        return Project(
            folder=folder,
            config=folder,
            playwright_cli=folder,
            appwright_version="fake",
            playwright_version="fake",
        )

    async def prepare_app(self, app: Path) -> None:
        """Nothing is asked about an app that is not installed."""

    async def start(self, request: RunnerRequest) -> RunnerProcess:
        """Start the program beside this file."""
        root = request.project.folder.resolve()
        for file in request.files:
            spec_filter(root, file)
        places = [f"{place.file}:{place.line}" if place.line else place.file for place in request.places]
        files = RunFiles(folder=request.work)
        program = [sys.executable, "-I", "-S", fake_program.__file__]
        return await RunnerProcess.start(
            [*program, str(files.events), str(request.gateway_port), request.grep or "", *request.specs, *places],
            name=f"fake runner {' '.join(request.files)}",
            env=request.env,
            cwd=root,
            files=files,
            processes=self._processes,
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
