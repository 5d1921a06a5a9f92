"""What a session asks of whatever runs the tests. Runners are beside this file: Appwright's, and one that is a fake."""

from pathlib import Path
from typing import Protocol

from qgjob.agent.project import Project
from qgjob.agent.runner.process import RunnerProcess
from qgjob.agent.runner.request import RunnerRequest


class Runner(Protocol):
    """Makes projects of bundles, and runs their specs as programs that write the same events."""

    async def prepare(self, bundle: Path) -> Project:
        """Return the project in this zip file, ready to run, made once.

        Raises ConfigurationError when the project is at fault, HostTrouble or InfrastructureError when this host is.
        """

    async def prepare_app(self, app: Path) -> None:
        """Make ready what it takes to test an app file of ours, which never changes. Raises BinaryError."""

    async def start(self, request: RunnerRequest) -> RunnerProcess:
        """Start one process on the request's specs.

        Raises ConfigurationError for a spec outside of the project, InfrastructureError when it cannot be started.
        """
