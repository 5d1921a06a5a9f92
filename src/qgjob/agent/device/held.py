"""Which package each device was last given, kept on disk. It only says what to ask the device about after a restart.

What is really there, the device says; nothing is skipped on the word of this file.
"""

import json
from pathlib import Path


class HeldPackages:
    """One package per serial: a worker holds one app version at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._packages = _read(path)

    def of(self, serial: str) -> str | None:
        """Return the package that this device was last given."""
        return self._packages.get(serial)

    def remember(self, serial: str, package: str) -> None:
        """Keep that this device is being given this package."""
        if self._packages.get(serial) == package:
            return
        self._packages[serial] = package
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._packages, indent=1), encoding="utf-8")
        fresh.replace(self._path)


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # forgotten: the next installation finds out by itself
    if not isinstance(content, dict):
        return {}
    return {str(serial): str(package) for serial, package in content.items()}
