"""Builds small Appwright projects on disk, as text alone: nothing is installed and nothing runs."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

CONFIG = """
import { defineConfig, Platform } from "appwright";
export default defineConfig({
  testDir: "./tests",
  projects: [{ name: "android", use: { platform: Platform.ANDROID, buildPath: "builds/shop.apk" } }],
});
"""


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_project(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write a project with one spec, and `files` besides; returns its folder."""
    write_files(
        folder,
        {
            "package.json": "{}\n",
            "appwright.config.ts": CONFIG,
            "tests/login.spec.ts": "test('login', async () => {});\n",
            **(files or {}),
        },
    )
    return folder


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular, whatever this machine's own configuration says."""
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, "-C", folder, *arguments], check=True, capture_output=True, env=os.environ | nobody)
