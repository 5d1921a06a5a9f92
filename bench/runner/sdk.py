"""The Android SDK and the Java that stock Appwright and its Appium ask for, made of small stand-ins.

A stand-in answers at once and does no work, so wherever it differs from the real tool the difference favours stock.
"""

from collections.abc import Mapping
from pathlib import Path

from qgjob.agent.android_home import BUILD_TOOLS, make_android_home

_EMULATOR = """#!/bin/sh
# Answers Appwright's question whether there is any emulator; the device is connected already.
echo virtual
"""
_JAVA = """#!/bin/sh
# Answers `java -jar apksigner.jar verify --print-certs FILE`: signed, with the key that Appium signs its own apps with.
echo "Signer #1 certificate SHA-256 digest: a40da80a59d170caa950cf15c18c454d47a39b26989d8b640ecd745ba71bf5dc"
"""


def make_sdk(folder: Path, *, adb: Path, python: str) -> Mapping[str, str]:
    """Make both in `folder` and return the variables that name them."""
    home = make_android_home(folder / "android", adb=adb, python=python, env={})
    _script(home.folder / "emulator" / "emulator", _EMULATOR)
    _script(folder / "java" / "bin" / "java", _JAVA)
    apksigner = home.folder / "build-tools" / BUILD_TOOLS / "lib" / "apksigner.jar"
    apksigner.parent.mkdir(exist_ok=True)
    apksigner.touch()
    return home.env() | {"JAVA_HOME": str(folder / "java")}


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
