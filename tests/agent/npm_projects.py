"""Builders of Appwright projects whose packages are folders of their own: npm installs them without a registry."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

APPWRIGHT, PLAYWRIGHT = "0.1.1", "1.59.1"


def write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def write_project(folder: Path, versions: Mapping[str, str] | None = None) -> Path:
    """Write a whole project; `versions` says what to lock besides, or instead of, the versions that work."""
    locked = {"appwright": APPWRIGHT, "@playwright/test": PLAYWRIGHT, **(versions or {})}
    places = {name: f"packages/{name.replace('/', '-')}" for name in locked}
    for name, version in locked.items():
        write_json(folder / places[name] / "package.json", {"name": name, "version": version})
        (folder / places[name] / "cli.js").write_text("")
    wanted = {name: f"file:{place}" for name, place in places.items()}
    packages = {f"node_modules/{name}": {"version": locked[name], "resolved": wanted[name]} for name in locked}
    write_json(folder / "package.json", {"private": True, "devDependencies": wanted})
    write_lock(folder, {"": {"devDependencies": wanted}, **packages})
    (folder / ".npmrc").write_text("install-links=true\n")
    (folder / "appwright.config.ts").write_text("export default {};\n")
    return folder


def write_lock(folder: Path, packages: Mapping[str, object]) -> None:
    write_json(folder / "package-lock.json", {"lockfileVersion": 3, "requires": True, "packages": packages})


def write_bundle(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path
