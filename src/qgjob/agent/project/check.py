"""Checks that a folder is an Appwright project that can run here. Reads files only: runs neither npm nor its code."""

import re
from dataclasses import dataclass
from pathlib import Path

from qgjob.agent.project.lockfile import local_folders, locked_versions, read_object
from qgjob.core.bundle import CONFIG_NAMES
from qgjob.core.errors import ConfigurationError

NEWEST_PLAYWRIGHT = "1.59.1"
_PLAYWRIGHT = ("@playwright/test", "playwright", "playwright-core")
_OTHER_LOCKFILES = ("yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "npm-shrinkwrap.json")
_PIN = (
    f'pin it in package.json with "devDependencies": {{"@playwright/test": "{NEWEST_PLAYWRIGHT}"}} and "overrides": '
    f'{{"playwright": "{NEWEST_PLAYWRIGHT}", "playwright-core": "{NEWEST_PLAYWRIGHT}"}}, '
    "then run `npm install` and commit package-lock.json"
)


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project that passed the checks. `playwright_cli` is there once its packages are installed."""

    folder: Path
    config: Path
    playwright_cli: Path
    appwright_version: str
    playwright_version: str


def check_project(folder: Path) -> Project:
    """Return the project in `folder`; ConfigurationError says what is missing or what to pin."""
    folder = folder.absolute()
    lock = _lock(folder)
    versions = locked_versions(lock)
    if "appwright" not in versions:
        raise ConfigurationError(
            "The project does not use Appwright: run `npm install --save-dev appwright` and commit package-lock.json."
        )
    for path in local_folders(lock):
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            raise ConfigurationError(f"The project needs {path}, which is outside of it: move it inside.")
        if not (folder / path).exists():
            raise ConfigurationError(f"The project needs {path}, which is not there: add it, or run `npm install`.")
    appwright = _single(versions, "appwright")
    return Project(
        folder=folder,
        config=_config(folder),
        playwright_cli=folder / "node_modules" / "@playwright" / "test" / "cli.js",
        appwright_version=appwright,
        playwright_version=_playwright(versions, appwright),
    )


def check_installed(project: Project) -> None:
    """Raise ConfigurationError when node_modules lacks the packages, or the versions, that the lockfile names."""
    wanted = {"appwright": project.appwright_version, "@playwright/test": project.playwright_version}
    for name, version in wanted.items():
        manifest = project.folder / "node_modules" / name / "package.json"
        installed = read_object(manifest).get("version") if manifest.is_file() else None
        found = f"{name} {installed}" if installed else f"no {name}"
        if installed != version:
            raise ConfigurationError(
                f"node_modules has {found}, and package-lock.json says {version}: run `npm install` in the project's "
                "folder, and commit package-lock.json if that changes it."
            )


def _lock(folder: Path) -> dict[str, object]:
    if not (folder / "package.json").is_file():
        raise ConfigurationError("There is no package.json: this is not the folder of an Appwright project.")
    if "workspaces" in read_object(folder / "package.json"):
        raise ConfigurationError(
            "The project has npm workspaces, which cannot be submitted: give it a folder of its own."
        )
    lockfile = folder / "package-lock.json"
    if not lockfile.is_file():
        other = next((name for name in _OTHER_LOCKFILES if (folder / name).is_file()), None)
        instead = f" ({other} is not read)" if other else ""
        raise ConfigurationError(f"There is no package-lock.json{instead}: run `npm install` and commit it.")
    return dict(read_object(lockfile))


def _config(folder: Path) -> Path:
    for name in CONFIG_NAMES:
        if (folder / name).is_file():
            return folder / name
    raise ConfigurationError("There is no appwright.config.ts: the folder to submit is the one that holds it.")


def _playwright(versions: dict[str, set[str]], appwright: str) -> str:
    for name in _PLAYWRIGHT:
        for version in sorted(versions.get(name, ())):
            if _numbers(version) >= (1, 60):
                raise ConfigurationError(
                    f"package-lock.json has {name} {version}, with which Appwright {appwright} does not work: {_PIN}."
                )
    return _single(versions, "@playwright/test")


def _single(versions: dict[str, set[str]], name: str) -> str:
    found = sorted(versions.get(name, ()))
    if len(found) != 1:
        raise ConfigurationError(
            f"package-lock.json has {' and '.join(found) or 'no version'} of {name}, and exactly one is needed: "
            f"{_PIN if name in _PLAYWRIGHT else 'depend on one version'}."
        )
    return found[0]


def _numbers(version: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)
