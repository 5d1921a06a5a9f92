"""A generated Appwright project of many spec files, with real packages and the example's app."""

import shutil
from collections.abc import Callable
from pathlib import Path

from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes

SHOP = Path(__file__).parents[2] / "examples" / "shop"
TESTS_PER_SPEC = 5
_LOCKED = ("package.json", "package-lock.json")
_WHAT = "the example's project"
_FOLDERS = 20


async def install_packages(cache: Path, *, processes: Processes, say: Callable[[str], None]) -> Path:
    """Install the example's npm packages, once; return the folder that has its node_modules."""

    async def install(folder: Path) -> None:
        for name in _LOCKED:
            shutil.copyfile(SHOP / name, folder / name)
        await npm_ci(folder, processes, what=_WHAT, say=say)

    return await built_folder(cache / "discovery", install, what=_WHAT, say=say)


def write_project(folder: Path, *, specs: int, packages: Path) -> Path:
    """Write the project: so many spec files in some folders, each with tests in a block, tags and a shared module."""
    ignored = shutil.ignore_patterns("node_modules", "tests", "test-results")
    shutil.copytree(SHOP, folder, ignore=ignored)
    (folder / "node_modules").symlink_to(packages / "node_modules", target_is_directory=True)
    (folder / "tests").mkdir()
    shutil.copyfile(SHOP / "tests" / "shop.js", folder / "tests" / "shop.js")
    for number in range(specs):
        place = folder / "tests" / f"area-{number % _FOLDERS:02}"
        place.mkdir(exist_ok=True)
        (place / f"screen-{number:03}.spec.js").write_text(_spec(number), encoding="utf-8")
    return folder


def _spec(number: int) -> str:
    tests = "".join(
        f'  test("step {step}", {{ tag: "@step-{step}" }}, async ({{ device }}) => {{\n'
        f'    await device.getByText("Screen {number}, step {step}").tap();\n'
        "  });\n"
        for step in range(TESTS_PER_SPEC)
    )
    return (
        'import { test } from "appwright";\nimport * as shop from "../shop.js";\n\n'
        f'test.describe("screen {number}", () => {{\n  void shop;\n{tests}}});\n'
    )
