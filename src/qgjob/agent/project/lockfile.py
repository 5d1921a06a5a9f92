"""package-lock.json: which versions of a package it would install. Reads lockfiles of npm 7 and newer."""

import json
from collections.abc import Mapping
from pathlib import Path

from qgjob.core.errors import ConfigurationError

LARGEST_BYTES = 32 * 1024 * 1024


def read_object(path: Path) -> Mapping[str, object]:
    """Return the JSON object in a file of the project; ConfigurationError when it is not one."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ConfigurationError(f"{path.name} is larger than {LARGEST_BYTES // 1024**2} MiB.")
        content: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path.name} cannot be read as JSON: {error}.") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name} holds no JSON object.")
    return content


def locked_versions(lock: Mapping[str, object]) -> dict[str, set[str]]:
    """Return every version of every package that the lockfile installs, nested copies included, by package name."""
    packages = lock.get("packages")
    if not isinstance(packages, dict):
        raise ConfigurationError(
            "package-lock.json is of npm 6 or older: delete it, run `npm install` with npm 7 or newer, and commit it."
        )
    versions: dict[str, set[str]] = {}
    for place, package in packages.items():
        _, nested, name = str(place).rpartition("node_modules/")
        if nested and isinstance(package, dict) and isinstance(package.get("version"), str):
            versions.setdefault(name, set()).add(package["version"])
    return versions


def local_folders(lock: Mapping[str, object]) -> list[str]:
    """Return the paths, as the lockfile writes them, of the `file:` packages that the project brings along itself."""
    packages = lock.get("packages")
    if not isinstance(packages, dict):
        return []
    resolved = (package.get("resolved") for package in packages.values() if isinstance(package, dict))
    return sorted({path.removeprefix("file:") for path in resolved if isinstance(path, str) and "://" not in path})
