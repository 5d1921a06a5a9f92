"""What the action says where it cannot be installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ci.action import ROOT

NEEDED = ("bash", "cat", "cmp", "dirname", "rm")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH without any Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


def install(temp: Path, programs: Path, **variables: str) -> tuple[int, str, str]:
    """Run the script; its exit code, what it printed, and its outputs and summary."""
    files = {name: str(temp / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = subprocess.run(
        [programs / "bash", ROOT / "ci" / "github" / "install.sh"],
        env={"PATH": str(programs), "RUNNER_TEMP": str(temp), **files, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = "".join(Path(file).read_text(encoding="utf-8") for file in files.values() if Path(file).exists())
    return done.returncode, done.stdout, told


def test_a_machine_without_python_is_told_what_it_needs(tmp_path: Path, programs: Path) -> None:
    sentence = "Python 3.11 or newer is not on PATH: set it up before this action, or name one with the input python."

    assert install(tmp_path, programs, INPUT_PYTHON="$(touch x)") == (
        2,
        f"::error title=qgjob%3A it cannot be installed::{sentence}\n",
        f"status=configuration_error\n### ⚠️ qgjob: nothing was run\n\n{sentence}\n",
    )


def test_packages_that_cannot_be_had_are_no_fault_of_the_tests(tmp_path: Path, programs: Path) -> None:
    python = programs / "python3"
    python.write_text(
        '#!/bin/sh\ncase "$1" in -c) ;; -m) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; [ "$2" = venv ] ;; esac\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    for name in ("cp", "mkdir"):
        (programs / name).symlink_to(shutil.which(name) or "")

    code, said, told = install(tmp_path, programs)

    assert code == 3, said
    assert "pip could not install locks/runtime.txt" in said
    assert told.startswith("status=infrastructure_error\n")


def test_an_environment_that_is_there_is_not_made_again(tmp_path: Path, programs: Path) -> None:
    stamp = tmp_path / "qgjob-venv" / ".installed"
    stamp.parent.mkdir()
    stamp.write_text(f"{ROOT}\n" + (ROOT / "locks" / "runtime.txt").read_text(encoding="utf-8"), encoding="utf-8")

    assert install(tmp_path, programs) == (0, "", "")
