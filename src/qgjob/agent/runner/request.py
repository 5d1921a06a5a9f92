"""What a runner process is asked to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qgjob.agent.project import Project
from qgjob.core.errors import ConfigurationError
from qgjob.core.places import Place
from qgjob.core.words import Platform

_SHELL_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


@dataclass(frozen=True, kw_only=True)
class RunnerRequest:
    """The specs of one lease, run in one Playwright process on one device behind a gateway.

    `specs` are files or folders, posix paths relative to the project, and run whole; of `places` only what is named
    there does. `grep`: of all that only what Playwright's `--grep` picks. `project_name` None: the first Appwright
    project of this platform. `app` None: the project's own `buildPath` stays. `work` is an own empty folder, where all
    evidence is left. `env` is all of the environment that the process gets, beside what the runner itself has to set.

    Raises ConfigurationError for a path that Appwright could not use: it passes those of the app and of ANDROID_HOME to
    a shell without quotes.
    """

    project: Project
    specs: tuple[str, ...]
    places: tuple[Place, ...] = ()
    grep: str | None = None
    project_name: str | None
    platform: Platform
    app: Path | None
    gateway_port: int
    device_name: str
    work: Path
    case_timeout_s: float
    env: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.app is not None:
            _refuse_shell_characters("app", str(self.app))
        _refuse_shell_characters("ANDROID_HOME", self.env.get("ANDROID_HOME", "/"))

    @property
    def files(self) -> tuple[str, ...]:
        """What it runs something of, each once."""
        return tuple(dict.fromkeys([*self.specs, *(place.file for place in self.places)]))

    def filters(self) -> list[str]:
        """Make the arguments with which Playwright runs these specs and places alone, as `spec_filter` does for one."""
        root = self.project.folder.resolve()
        places = (place_filter(root, place) for place in self.places)
        return [*(spec_filter(root, spec) for spec in self.specs), *places]

    def grep_argument(self) -> list[str]:
        """Make the argument that hands the grep to Playwright: one word, so nothing in it is an option or another word.

        Playwright reads it as a regular expression in any case, or `/…/flags` as what it says, and looks for it in the
        names of project and file, the titles and the tags of a test, joined by blanks.
        """
        return [] if self.grep is None else [f"--grep={self.grep}"]


def spec_filter(folder: Path, spec: str) -> str:
    """Make the argument with which Playwright, which takes file names for patterns, runs this file or folder alone.

    Raises ConfigurationError when the spec is outside of the project.
    """
    path = PurePosixPath(spec)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ConfigurationError(
            f"The test path {spec!r} is not inside the project; give it relative to the project's folder, "
            "such as tests/login.spec.js."
        )
    full = folder / path
    # Playwright reads a trailing :12 as a line and a pattern between slashes as a literal: an anchored one is neither.
    return f"^{_escaped(str(full))}{'/' if full.is_dir() else '$'}"


def place_filter(folder: Path, place: Place) -> str:
    """Make the argument with which Playwright runs what is at this line alone. Raises what `spec_filter` raises."""
    return f"{spec_filter(folder, place.file)}{f':{place.line}' if place.line else ''}"


def _escaped(text: str) -> str:
    """For a JavaScript regular expression; `re.escape` knows only Python's."""
    return re.sub(r"[\\^$.*+?()[\]{}|]", r"\\\g<0>", text)


def _refuse_shell_characters(what: str, path: str) -> None:
    if not _SHELL_SAFE.fullmatch(path):
        raise ConfigurationError(
            f"Appwright passes the path of the {what} to a shell as it stands, and {path!r} has blanks or characters "
            "that a shell would read as something else; choose a plainer folder for the agent's home."
        )
