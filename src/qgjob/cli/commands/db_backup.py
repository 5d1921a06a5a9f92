"""`qgjob db backup`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.database import with_farm_data
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from qgjob.cli.database import FarmData
    from qgjob.cli.settings import Settings


@click.command("backup", epilog=EPILOG)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="The copy to be made: a new file.")
@with_settings
@with_farm_data
def db_backup_command(data: FarmData, settings: Settings, *, file: Path) -> None:
    """Copy a SQLite database while its server works.

    The copy is what was committed at one moment, and is read back before it gets its name. Uploaded files are not in
    the database: copy the folder `blobs` after it. PostgreSQL has tools of its own, and the error says which.
    """
    from qgjob.store.backup import back_up_file  # noqa: PLC0415  # with the database's driver

    say = Say(settings)
    if isinstance(data.database, str):
        raise ConfigurationError(_of_postgresql(data.database, file))
    with say.waiting(f"copying {data.database}"):
        size = back_up_file(data.database, file)
    document = {"database": str(data.database), "backup": str(file), "size_bytes": size}
    say.result(document, [f"Backup: {file} ({size} bytes)"])
    say.progress(f"Uploaded files are not in it: copy {data.folder / 'blobs'} as well.")


def _of_postgresql(url: str, file: Path) -> str:
    """Name PostgreSQL's own command, as it can be pasted; a password stays out of it."""
    from qgjob.store.place import without_password  # noqa: PLC0415  # as above

    line = shlex.join(["pg_dump", "--format=custom", f"--file={file}", f"--dbname={without_password(url)}"])
    return f"PostgreSQL makes its own backups. Run: {line}"
