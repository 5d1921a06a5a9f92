"""Appwright projects whose `playwright test --list` answers, by a stand-in: real processes, and no packages."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.cli.projects import write_files

STANDIN = Path(__file__).with_name("playwright_standin.cjs")
APP = Path(__file__).resolve().parents[2] / "examples/shop/builds/shop-1.0.0.apk"
CONFIG = """
export default {
  testDir: "./tests",
  projects: [{ name: "android", use: { platform: "android", buildPath: "builds/shop.apk" } }],
};
"""
VERSIONS = {"appwright": "0.1.1", "@playwright/test": "1.59.1"}
LOGIN = 'test("logs in @smoke", async () => {});\ntest("logs out", async () => {});\n'
CART = (
    'test.describe("cart", () => {\n'
    '  test("adds up @smoke", async () => {});\n'
    '  test("empties", async () => {});\n'
    "});\n"
    'test.describe.serial("checkout", () => {\n'
    '  test("pays @slow", async () => {});\n'
    '  test("gets a receipt", async () => {});\n'
    "});\n"
)
CART_SPEC, LOGIN_SPEC = "tests/cart.spec.js", "tests/login.spec.js"


def make_listed_project(folder: Path, files: Mapping[str, str] | None = None, *, installed: bool = True) -> Path:
    """Write a project with two specs of six tests and an app, and `files` besides; returns its folder.

    Not `installed`: without node_modules.
    """
    packages = {f"node_modules/{name}": {"version": version} for name, version in VERSIONS.items()}
    write_files(
        folder,
        {
            "package.json": '{"type": "module"}\n',
            "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages}),
            "appwright.config.mjs": CONFIG,
            CART_SPEC: CART,
            LOGIN_SPEC: LOGIN,
            **(files or {}),
        },
    )
    (folder / "builds").mkdir()
    shutil.copy(APP, folder / "builds/shop.apk")
    if installed:
        for name, version in VERSIONS.items():
            write_files(folder, {f"node_modules/{name}/package.json": json.dumps({"version": version})})
        shutil.copy(STANDIN, folder / "node_modules/@playwright/test/cli.js")
    return folder
