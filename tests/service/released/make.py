"""Writes a small farm of today's schema down as SQL: `python -m tests.service.released.make`, once for each release.

The file is never edited afterwards: it is what a user's database looked like then.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from qgjob.store.migrations import revisions
from tests.service.farm import Farm
from tests.service.lively import enliven

HERE = Path(__file__).parent


def dump(folder: Path) -> str:
    """A lively farm as SQL text."""
    path = folder / "qgjob.db"
    farm = Farm.on(path)
    enliven(farm)
    farm.store.close()
    with closing(sqlite3.connect(path)) as raw:
        return "\n".join(raw.iterdump()) + "\n"


def main() -> int:
    """Write the file of the newest schema, unless it has been released already."""
    path = HERE / f"{revisions()[-1]}.sql"
    if path.exists():
        sys.stderr.write(f"{path.name} was released: it stays as it is\n")
        return 1
    with TemporaryDirectory() as folder:
        path.write_text(dump(Path(folder)), "utf-8")
    sys.stderr.write(f"wrote {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
