"""A small disk is full when it is said to be, and nothing of it is left on the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.processes import ROOT

FILLS = """
import errno, sys
from pathlib import Path
from chaos.disk import Disk, mounts_of_our_own
disk = Disk(Path(sys.argv[1]) / "disk", size_mb=1, mount=mounts_of_our_own())
print(disk.is_small)
disk.fill()
try:
    (disk.folder / "more").write_bytes(b"x" * 8192)
except OSError as error:
    print(errno.errorcode[error.errno])
disk.empty()
(disk.folder / "more").write_bytes(b"x" * 8192)
print("fits")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk_takes_nothing_until_it_is_emptied(tmp_path: Path) -> None:
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    asked = subprocess.run(
        [sys.executable, "-c", FILLS, str(tmp_path)], env=env, capture_output=True, text=True, check=False
    )
    if asked.stdout.startswith("False"):
        pytest.skip("this root may not mount")
    assert (asked.stderr, asked.stdout.split()) == ("", ["True", "ENOSPC", "fits"])
    assert list((tmp_path / "disk").iterdir()) == []
