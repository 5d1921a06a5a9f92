"""`qgjob doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.agent.doctor import Finding, Health, examine_host, examine_project
from qgjob.agent.settings import ADB_PORT
from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.submission.project import find_project
from qgjob.cli.tables import Column, Table
from qgjob.core.errors import QgjobError
from qgjob.core.outcome import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgjob.cli.settings import Settings

_COLUMNS = (Column(title="What", whole=True), Column(title="Health", whole=True), Column(title="Found"))
_SERVER = "server"


@click.command("doctor", epilog=EPILOG)
@click.option(
    "--project-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The Appwright project.  [default: the nearest one from the current folder upwards]",
)
@click.option(
    "--adb-port",
    metavar="PORT",
    type=click.IntRange(1, 65535),
    default=ADB_PORT,
    show_default=True,
    help="Port of the adb server to ask for devices.",
)
@with_settings
def doctor_command(settings: Settings, *, project_dir: Path | None, adb_port: int) -> None:
    """Check whether this machine and this project are ready.

    Says what to do where they are not. A project that cannot be tested is exit 2, a server that cannot be asked
    exit 7. Node and devices may be missing: only a host with an agent needs them.
    """
    project = find_project(Path.cwd()) if project_dir is None else None
    folder = project_dir or (project.root if project else None)
    findings = [
        _server(settings),
        *([examine_project(folder)] if folder else []),
        *examine_host(adb_port=adb_port),
    ]
    Say(settings).result({"findings": [_document(finding) for finding in findings]}, [_table(findings)])
    bad = {finding.what for finding in findings if finding.health is Health.BAD}
    click.get_current_context().exit(_exit_code(bad))


def _server(settings: Settings) -> Finding:
    try:
        with connect(settings) as client:
            health = client.farm.health()
    except QgjobError as error:
        return Finding(what=_SERVER, health=Health.BAD, message=error.message)
    return Finding(what=_SERVER, health=Health.GOOD, message=f"{settings.server_url}: version {health['version']}")


def _exit_code(bad: set[str]) -> ExitCode:
    if bad - {_SERVER}:
        return ExitCode.USAGE
    return ExitCode.UNREACHABLE if bad else ExitCode.DONE


def _document(finding: Finding) -> dict[str, str]:
    return {"what": finding.what, "health": finding.health.value, "message": finding.message}


def _table(findings: Sequence[Finding]) -> Table:
    return Table(columns=_COLUMNS, rows=tuple((each.what, each.health.value, each.message) for each in findings))
