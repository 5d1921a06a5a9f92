"""Which cases a project has, by Playwright's own `--list`: no device, no gateway, about two seconds.

It also finds what is wrong with a project before a device is kept waiting for it: a spec with a syntax error, a config
that does not load, a path that holds no test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.processes import Processes
from qgjob.agent.project import Project
from qgjob.agent.runner.config import Overlay, event_reporter, write_config
from qgjob.agent.runner.environment import playwright_environment
from qgjob.agent.runner.event_file import EventFile
from qgjob.agent.runner.events import FailureReason, RunBegan, RunFailed, RunnerEvent
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.reader import EventReader
from qgjob.agent.runner.request import place_filter, spec_filter
from qgjob.core.attempt import Case
from qgjob.core.errors import ConfigurationError
from qgjob.core.places import Place
from qgjob.core.words import Platform

LIST_TIMEOUT_S = 120.0
_ANY_S = 3600.0  # no test runs, so its limit does not matter
_OUTPUT_CHARACTERS = 2000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a project would run. All but `cases` is the user's own; a timeout of None means no limit.

    `build_path` is the app that the config names, whether or not it is there.
    """

    cases: tuple[Case, ...]
    retries: int
    timeout_s: float | None
    build_path: Path | None

    def cases_of(self, spec: str) -> tuple[Case, ...]:
        """Pick the cases of one file or folder; empty when it holds none."""
        spec = spec.rstrip("/")
        return tuple(case for case in self.cases if case.file == spec or case.file.startswith(f"{spec}/"))


async def list_cases(
    project: Project,
    *,
    specs: Sequence[str] | None,
    project_name: str | None,
    platform: Platform,
    work: Path,
    env: Mapping[str, str],
    processes: Processes,
    grep: str | None = None,
    places: Sequence[Place] = (),
    alone: bool = False,
) -> Listing:
    """List the cases of these specs, of all when None; those that hold no test are simply not in the answer.

    `alone`: without those of the projects that the wanted one depends on. `places`: those at these lines as well.
    `grep`: only those that Playwright's `--grep` picks with it. `work` is an own empty folder.
    Raises ConfigurationError with Playwright's own message when the project cannot be loaded, InfrastructureError when
    Playwright does not start or does not end.
    """
    root = project.folder.resolve()
    filters = [spec_filter(root, spec) for spec in specs or ()] + [place_filter(root, place) for place in places]
    files = RunFiles(folder=work)
    overlay = Overlay(
        user_config=project.config.resolve(),
        root=root,
        project=project_name,
        platform=platform,
        build_path=None,
        device_name=None,
        case_timeout_s=_ANY_S,
        alone=alone,
    )
    write_config(overlay, files, [event_reporter(overlay, files)])
    named = [] if project_name is None else ["--project", project_name]
    picked = [] if grep is None else [f"--grep={grep}"]
    finished = await processes.run(
        [
            "node",
            str(project.playwright_cli),
            "test",
            "--list",
            *filters,
            *picked,
            "--config",
            str(files.config),
            *named,
        ],
        name="playwright --list",
        env=playwright_environment(env, home=files.folder),
        cwd=root,
        timeout_s=LIST_TIMEOUT_S,
    )
    return _listing(_events(files.events), output=finished.output)


def _events(path: Path) -> list[RunnerEvent]:
    reader = EventReader()
    file = EventFile(path)
    try:
        return [reader.read(line) for line in file.new_lines()]
    finally:
        file.close()


def _listing(events: Sequence[RunnerEvent], *, output: str) -> Listing:
    failures = [
        event for event in events if isinstance(event, RunFailed) and event.reason is not FailureReason.NO_TESTS
    ]
    if failures:
        raise ConfigurationError("\n".join(_sentence(failure) for failure in failures))
    for event in events:
        if isinstance(event, RunBegan) and event.retries is not None:
            return Listing(
                cases=event.cases, retries=event.retries, timeout_s=event.timeout_s, build_path=event.build_path
            )
    raise ConfigurationError(
        f"Playwright could not list the tests of the project. It said: {output[-_OUTPUT_CHARACTERS:].strip()}"
    )


def _sentence(failure: RunFailed) -> str:
    place = "" if failure.location is None else f" ({failure.location.file}:{failure.location.line})"
    return f"{failure.message}{place}"
