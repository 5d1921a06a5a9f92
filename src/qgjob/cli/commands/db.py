"""`qgjob db`: what there is to do with the database of a farm."""

from __future__ import annotations

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup

_COMMANDS = {
    "check": "Read a whole database and name all that is not as promised.",
    "backup": "Copy a SQLite database while its server works.",
    "copy": "Move a farm from SQLite to PostgreSQL.",
    "migrate": "Bring a database to the schema of this program.",
}


@click.group(
    "db",
    cls=LazyGroup,
    entries={
        name: Entry(target=f"qgjob.cli.commands.db_{name}:db_{name}_command", summary=summary)
        for name, summary in _COMMANDS.items()
    },
    epilog=EPILOG,
)
def db_command() -> None:
    """Look after the database of a farm.

    These commands open the database itself, so they are for the machine that it is on, or for who may reach it.
    """
