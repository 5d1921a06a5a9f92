"""A short storm over a farm on each database, as the program that people start: every promise is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.plan import Database
from chaos.processes import ROOT

pytestmark = pytest.mark.journey

LONGEST_S = 300


def chaos(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chaos", *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


@pytest.mark.parametrize("database", list(Database))
def test_a_storm_breaks_no_promise(database: Database, tmp_path: Path) -> None:
    stormed = chaos("--database", database, "--runs", "2", "--seed", "1", "--keep", str(tmp_path / "kept"))
    assert stormed.returncode == 0, stormed.stdout + stormed.stderr
    lines = stormed.stdout.splitlines()
    assert [line.split("  ")[1:3] for line in lines] == [[database, "seed 1"], [database, "seed 2"]]
    assert all(line.endswith("ok") for line in lines)
    assert stormed.stderr == "chaos: 2 of 2 runs were clean\n"
