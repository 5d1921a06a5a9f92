"""The waits that chaos shortens are there, by the names that its table has."""

import subprocess
import sys

from chaos.processes import ROOT
from qgjob.core.timing import LEASE

ASKS = """
from chaos.hurry import SHORTER, install
install()
import importlib
for name in SHORTER:
    importlib.import_module(name)
from qgjob.core.timing import LEASE
print(LEASE.total_seconds())
"""


def test_every_wait_of_the_table_is_shortened_and_only_there() -> None:
    path = f"{ROOT / 'src'}:{ROOT}"
    argv = [sys.executable, "-c", ASKS]
    asked = subprocess.run(argv, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert (asked.stderr, asked.stdout) == ("", "3.0\n")
    assert LEASE.total_seconds() > 3
