"""`qgjob db copy`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.tables import Column, Table
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgjob.cli.settings import Settings
    from qgjob.store.transfer import Moved

_COLUMNS = (Column(title="Table"), Column(title="Rows", whole=True), Column(title="sha256 on both sides"))
_DIGITS_SHOWN = 16
_TOLD_EVERY = 100_000


@click.command("copy", epilog=EPILOG)
@click.option("--from", "source", metavar="URL", required=True, help="The farm as it is: sqlite:///path.")
@click.option("--to", "target", metavar="URL", required=True, help="An empty database: postgresql://user@host/name.")
@click.option("--live", is_flag=True, help="Copy although a server owns the file; what it writes later is not copied.")
@with_settings
def db_copy_command(settings: Settings, *, source: str, target: str, live: bool) -> None:
    """Move a farm from SQLite to PostgreSQL.

    Everything of one moment is copied in one transaction and compared row by row; on any difference nothing is kept.
    The SQLite file stays as it is. Stop its server first, so that nothing is written meanwhile; --live is for a
    rehearsal. Uploaded files stay in the data folder, which the new servers must be given as well.
    """
    from qgjob.store.place import place_of, without_password  # noqa: PLC0415  # with the databases' drivers
    from qgjob.store.sqlite import SqliteDialect  # noqa: PLC0415
    from qgjob.store.transfer import transfer  # noqa: PLC0415

    path, url = place_of(source), place_of(target)
    if not isinstance(path, Path) or not isinstance(url, str):
        raise ConfigurationError(
            "A farm is copied from SQLite to PostgreSQL: --from sqlite:///path --to postgresql://…"
        )
    say, owner = Say(settings), SqliteDialect(path)
    if not live and path.is_file():
        owner.own()
    began_at = datetime.now(UTC)
    try:
        with say.waiting(f"copying {path} to {without_password(url)}"):
            moved = transfer(path, url, on_progress=partial(_tell, say))
    finally:
        owner.disown()
    say.result({"from": str(path), "to": without_password(url), "tables": [vars(each) for each in moved]}, _view(moved))
    if live:
        say.progress(f"What the server of {path} has written since {began_at:%H:%M:%S} UTC is not in the copy.")


def _tell(say: Say, table: str, rows: int) -> None:
    """Say now and then how far it is: small tables are not worth a line."""
    if rows % _TOLD_EVERY == 0:
        say.progress(f"{table}: {rows} rows so far")


def _view(moved: Sequence[Moved]) -> list[Table]:
    rows = tuple((each.table, str(each.rows), each.digest[:_DIGITS_SHOWN]) for each in moved)
    return [Table(columns=_COLUMNS, rows=rows)]
