"""Which versions of Appwright, Playwright, Appium and its driver ran, read from the packages that did."""

import json
import platform
from collections.abc import Mapping
from pathlib import Path

_STOCK = ("appwright", "@playwright/test", "appium", "appium-uiautomator2-driver")
_QGJOB = ("appium", "appium-uiautomator2-driver")


def versions(*, stock: Path, qgjob: Path) -> Mapping[str, str]:
    """Return versions by name; the packages that both ways have for themselves are named for the way."""
    return {
        **{f"stock's {name}" if name in _QGJOB else name: _version(stock, name) for name in _STOCK},
        **{f"qgjob's {name}": _version(qgjob, name) for name in _QGJOB},
        "Python": platform.python_version(),
    }


def _version(packages: Path, name: str) -> str:
    manifest: dict[str, str] = json.loads((packages / "node_modules" / name / "package.json").read_text("utf-8"))
    return manifest["version"]
