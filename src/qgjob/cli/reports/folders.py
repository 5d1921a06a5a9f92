"""Reports that are folders: made whole beside their place and then put there, never over anything but such a report."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

HTML_NAMES = re.compile(r"index\.html|data|trace")
"""What Playwright's HTML report consists of."""
ALLURE_NAMES = re.compile(
    r".+-(result|container)\.json|.+-attachment(\..+)?|environment\.(properties|xml)|(categories|executor)\.json|history"
)
"""What a folder of Allure results consists of."""


@contextmanager
def fresh_folder(place: Path, *, names: re.Pattern[str]) -> Iterator[Path]:
    """Give an empty folder to fill, which takes the place of `place` at the end of the block.

    Raises ConfigurationError where something other than such a report, whose files are named so, is in the way.
    """
    _check(place, names)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        yield made
        if place.exists():
            place.rename(Path(scratch) / "old")
        made.rename(place)


def _check(place: Path, names: re.Pattern[str]) -> None:
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise ConfigurationError(f"{place} is no folder: name one that is not there, or remove it")
    other = sorted(entry.name for entry in place.iterdir() if not names.fullmatch(entry.name)) if place.exists() else []
    if other:
        raise ConfigurationError(
            f"{place} holds {other[0]!r}, which is no part of such a report, and would be removed: name another folder"
        )
