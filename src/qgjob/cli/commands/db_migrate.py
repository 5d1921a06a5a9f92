"""`qgjob db migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.database import with_farm_data
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.database import FarmData
    from qgjob.cli.settings import Settings
    from qgjob.store.migrations import Migrated


@click.command("migrate", epilog=EPILOG)
@with_settings
@with_farm_data
def db_migrate_command(data: FarmData, settings: Settings) -> None:
    """Bring a database to the schema of this program.

    Does what the start of a server does by itself. There is no way back, so a copy of a SQLite database is made first
    and kept beside it.
    """
    from qgjob.store.migrations import revisions  # noqa: PLC0415  # with the databases' drivers
    from qgjob.store.place import migrate  # noqa: PLC0415

    say = Say(settings)
    with say.waiting("migrating"):
        migrated = migrate(data.database)
    now = revisions()[-1]
    was = now if migrated is None else migrated.was
    backup = None if migrated is None or migrated.backup is None else str(migrated.backup)
    say.result({"was": was, "now": now, "backup": backup}, _view(migrated, now))


def _view(migrated: Migrated | None, now: str) -> Iterator[str]:
    if migrated is None:
        yield f"Schema: {now}, as it was: there was nothing to do."
    elif migrated.was is None:
        yield f"Schema: {now}, in a new database."
    else:
        yield f"Schema: {now}; it was {migrated.was}."
        if migrated.backup is not None:
            yield f"Backup: {migrated.backup}"
