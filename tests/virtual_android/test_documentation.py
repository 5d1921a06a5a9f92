"""docs/virtual-android.md says all there is, and its example works."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from virtual_android.app.reading import load_models
from virtual_android.shell import virtual_commands

PAGE = (Path(__file__).parents[2] / "docs" / "virtual-android.md").read_text()


def test_the_example_model_loads(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "app.json").write_text(example)

    assert list(load_models([tmp_path / "app.json"])) == ["com.example.app"]


def test_every_option_of_the_command_is_described() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "virtual_android", "--help"], capture_output=True, text=True, timeout=30, check=True
    )
    options = set(re.findall(r"--[a-z-]+", done.stdout)) - {"--help"}

    assert {option for option in options if option not in PAGE} == set()


@pytest.mark.parametrize("line", (virtual_commands.__doc__ or "").partition("usage:\n")[2].strip().splitlines())
def test_every_order_is_described(line: str) -> None:
    assert f"`{line.strip()}`" in PAGE
