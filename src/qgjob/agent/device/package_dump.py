"""Reads what Android's shell says of packages: `dumpsys package`, `pm path`, `sha256sum`, `getprop`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qgjob.core.words import Sha256

_SHA256 = re.compile(r"^\\?([0-9a-f]{64})\s", re.MULTILINE)
_PROPERTY = re.compile(r"^\[(?P<name>[^\]]+)\]: \[(?P<value>[^\]]*)\]", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class PackageDump:
    """Version of an installed package, and its stamp."""

    version_name: str
    version_code: str
    stamp: str


def read_package_dump(package: str, dump: str) -> PackageDump | None:
    """Read `dumpsys package NAME`; None when the package is not installed.

    The stamp is where the code lies (a new random folder with every installation since Android 8) and when it was last
    updated (to the second): together they tell any two installations apart.
    """
    _, found, part = dump.partition(f"Package [{package}]")
    if not found:
        return None
    # The dump of an app that was pre-installed goes on with the hidden one under the same heading.
    part = part.partition("\n  Package [")[0]
    return PackageDump(
        version_name=_value("versionName", part),
        version_code=_value("versionCode", part).partition(" ")[0],
        stamp=f"{_value('lastUpdateTime', part)} {_value('codePath', part)}",
    )


def read_package_paths(output: str) -> tuple[str, ...]:
    """Read `pm path NAME`: the APK files of a package, several where it was installed in splits."""
    lines = (line.strip() for line in output.splitlines())
    return tuple(line.removeprefix("package:") for line in lines if line.startswith("package:"))


def read_sha256(output: str) -> Sha256 | None:
    """Read `sha256sum FILE`; None when the device could not tell."""
    match = _SHA256.search(output)
    return Sha256(match[1]) if match else None


def read_properties(output: str) -> Mapping[str, str]:
    """Read `getprop` without a name."""
    return {match["name"]: match["value"] for match in _PROPERTY.finditer(output)}


def _value(name: str, text: str) -> str:
    match = re.search(rf"^\s*{name}=(.*)", text, re.MULTILINE)
    return match[1].strip() if match else ""
