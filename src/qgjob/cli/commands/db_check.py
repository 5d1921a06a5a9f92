"""`qgjob db check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.database import with_farm_data
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.check import check_view
from qgjob.core.outcome import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.database import FarmData
    from qgjob.cli.settings import Settings
    from qgjob.service.check import Finding


@click.command("check", epilog=EPILOG)
@click.option("--files", is_flag=True, help="Also read every uploaded file and compare its hash.")
@with_settings
@with_farm_data
def db_check_command(data: FarmData, settings: Settings, *, files: bool) -> None:
    """Read a whole database and name all that is not as promised.

    Sums, counters and places are counted anew, within one snapshot, while the server works. Exit 0 when all is well,
    3 when something is broken: restore a backup, and please report it.
    """
    say = Say(settings)
    with say.waiting("reading the whole database"):
        findings = tuple(_findings(data, files=files))
    broken = [finding for finding in findings if finding.broken_by]
    say.result({"ok": not broken, "findings": [_document(finding) for finding in findings]}, check_view(findings))
    if isinstance(data.database, str):
        say.progress("The pages of its files are PostgreSQL's own to check: run pg_amcheck.")
    click.get_current_context().exit(ExitCode.INFRASTRUCTURE if broken else ExitCode.DONE)


def _findings(data: FarmData, *, files: bool) -> Iterator[Finding]:
    from qgjob.service.check import check, check_pages  # noqa: PLC0415  # with the databases' drivers
    from qgjob.service.check_files import check_files  # noqa: PLC0415
    from qgjob.store import Blobs, visiting  # noqa: PLC0415

    if isinstance(data.database, Path):
        yield check_pages(data.database)
    with visiting(data.database) as visitor:
        yield from visitor.ask(check)
        if files:
            yield check_files(visitor, Blobs(data.folder / "blobs"))


def _document(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "promise": finding.promise,
        "kept": not finding.broken_by,
        "broken_by": [dict(row) for row in finding.broken_by],
    }
