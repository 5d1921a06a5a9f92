"""What options of benchmarks may say, refused before anything is measured."""

import argparse
from collections.abc import Callable
from pathlib import Path


def count(most: int) -> Callable[[str], int]:
    """Read a whole number from 1 to `most`."""

    def read(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {most}")
        return int(text)

    return read


def file_to_write(text: str) -> Path:
    """Find out before the measuring, not after it, that there is no such folder."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no file in a folder that exists")
    return path
