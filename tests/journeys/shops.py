"""The example project with specs of a test's own, made ready as an agent does it, with real packages."""

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from qgjob.agent.processes import Processes
from qgjob.agent.project import Project, prepare_project
from tests.journeys.agents import CACHE, SHOP


async def shop_with(specs: Mapping[str, str], folder: Path) -> Project:
    """Put the specs, by their names, beside those of the example; `folder` is for the copy and its bundle."""
    copy, bundle = folder / "shop", folder / "shop.zip"
    shutil.copytree(SHOP, copy, ignore=shutil.ignore_patterns("node_modules", "builds"))
    for name, content in specs.items():
        (copy / "tests" / name).write_text(content, encoding="utf-8")
    with zipfile.ZipFile(bundle, "w") as archive:
        for file in sorted(copy.rglob("*")):
            archive.write(file, file.relative_to(copy))
    return await prepare_project(bundle, CACHE, Processes(folder / "processes.json"), say=lambda _: None)
