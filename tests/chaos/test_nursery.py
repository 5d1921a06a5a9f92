"""A nursery whose starter is killed: nothing of what it bore stays behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.nursery import Birth
from chaos.processes import ROOT
from qgjob.agent import process_table

pytestmark = pytest.mark.exam


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
def test_its_children_are_ended_although_nobody_hears_any_more_that_they_were_born(tmp_path: Path) -> None:
    folder = tmp_path / "nursery"
    folder.mkdir()
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "QGJOB_TEST_MARK": str(tmp_path)}
    birth = Birth(argv=("server", "--port", "0"), env={"QGJOB_DATA_DIR": str(tmp_path / "data")}, log=os.devnull)
    with subprocess.Popen(
        [sys.executable, "-m", "chaos.nursery", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env,
        cwd=ROOT,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        assert nursery.stdout.readline() == b'{"ready": 1}\n'
        nursery.stdout.close()
        nursery.stdin.write(birth.line())
        nursery.stdin.flush()
        assert nursery.wait(60) == 0

    assert process_table.carriers(f"QGJOB_TEST_MARK={tmp_path}") == []
    assert not folder.exists()
