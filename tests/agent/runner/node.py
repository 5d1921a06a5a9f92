"""Runs small Node programs, as Node itself runs them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

NODE_TIMEOUT_S = 20


def run_node(folder: Path, source: str, *, name: str = "program.cjs", env: Mapping[str, str] | None = None) -> str:
    """Run a program in its folder to its end; returns what it printed. Fails the test with its errors."""
    program = folder / name
    program.write_text(source)
    finished = subprocess.run(
        ["node", str(program)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **(env or {})},
        capture_output=True,
        text=True,
        timeout=NODE_TIMEOUT_S,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
