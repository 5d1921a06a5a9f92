"""The Android SDK as far as Appwright and Appium look for one: the host's own, or a small one made of what we have.

Made are `platform-tools/adb` and answers to `aapt dump badging FILE`; nothing else of an SDK is imitated.
"""

import os
import secrets
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

BUILD_TOOLS = "34.0.0"
_AAPT = """#!/bin/sh
# Answers Appwright and Appium's driver in the place of Android's aapt, which this host has not got.
if [ "$#" -ne 3 ] || [ "$1" != dump ] || [ "$2" != badging ]; then
    echo "this aapt answers only: dump badging FILE" >&2
    exit 64
fi
if [ -r "$3.badging" ]; then
    exec cat -- "$3.badging"
fi
exec {python} -P -m qgjob.binary badging "$3"
"""


@dataclass(frozen=True, kw_only=True)
class AndroidHome:
    """A folder that serves as ANDROID_HOME, and the adb in it."""

    folder: Path
    adb: Path

    def env(self) -> dict[str, str]:
        """Return the variables by which Appwright, Appium and its driver find it."""
        return {"ANDROID_HOME": str(self.folder), "ANDROID_SDK_ROOT": str(self.folder)}


def make_android_home(folder: Path, *, adb: Path, python: str, env: Mapping[str, str] = os.environ) -> AndroidHome:
    """Return the SDK that `env` names when it has adb and aapt, else one made in `folder`, again at each call.

    `python` is an interpreter that can import qgjob. It and `folder` may contain anything that a path may.
    """
    own = _complete_sdk(env)
    if own is not None:
        return own
    platform_tools, build_tools = folder / "platform-tools", folder / "build-tools" / BUILD_TOOLS
    platform_tools.mkdir(parents=True, exist_ok=True)
    build_tools.mkdir(parents=True, exist_ok=True)
    for name in ("aapt", "aapt2"):
        _replace(build_tools / name, lambda path: _write_script(path, python))
    _replace(platform_tools / "adb", lambda path: path.symlink_to(adb.absolute()))
    return AndroidHome(folder=folder, adb=platform_tools / "adb")


def _complete_sdk(env: Mapping[str, str]) -> AndroidHome | None:
    named = env.get("ANDROID_HOME") or env.get("ANDROID_SDK_ROOT")
    if not named:
        return None
    home = Path(named)
    adb = home / "platform-tools" / "adb"
    newest = max(home.glob("build-tools/*.*.*"), default=None)  # the order by which Appwright chooses, text and all
    if newest is None or not all(os.access(tool, os.X_OK) for tool in (adb, newest / "aapt", newest / "aapt2")):
        return None
    return AndroidHome(folder=home, adb=adb)


def _replace(path: Path, make: Callable[[Path], None]) -> None:
    """Make `path` anew without a moment at which it is not there: another agent's session may be using it."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    make(fresh)
    fresh.replace(path)


def _write_script(path: Path, python: str) -> None:
    path.write_text(_AAPT.format(python=shlex.quote(python)), encoding="utf-8")
    path.chmod(0o755)
