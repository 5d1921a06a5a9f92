"""A short storm over a farm on each database, as the program that people start: every promise is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.plan import Database
from chaos.processes import ROOT
from qgjob.agent import process_table
from tests.journeys.agents import wait_until

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


def test_nothing_is_left_of_a_run_whose_program_was_killed(tmp_path: Path) -> None:
    mark = f"QGJOB_TEST_MARK={tmp_path}"
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "TMPDIR": str(tmp_path),
        "QGJOB_TEST_MARK": str(tmp_path),
    }
    killed = subprocess.Popen([sys.executable, "-m", "chaos", "--database", "sqlite", "--seed", "1"], env=env, cwd=ROOT)
    wait_until(lambda: any(tmp_path.glob("qgjob-chaos-*/sqlite-1/host-1.log")), what="an agent")
    killed.kill()
    killed.wait()
    wait_until(lambda: not process_table.carriers(mark), what="the end of all that it had started")
    assert list(tmp_path.iterdir()) == []
