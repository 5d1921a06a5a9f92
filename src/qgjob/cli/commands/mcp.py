"""`qgjob mcp`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.submission.project import find_project, named_project
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("mcp", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Org to answer about.  [default: QGJOB_ORG]")
@click.option(
    "--project-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The one project whose tests may be run.  [default: the nearest one from the current folder upwards]",
)
@click.option("--allow-writes", is_flag=True, help="Offer the tools that submit, cancel and retry as well.")
@with_settings
def mcp_command(settings: Settings, *, org_id: str | None, project_dir: Path | None, allow_writes: bool) -> None:
    """Offer the farm to coding agents, as tools.

    It is a server of the Model Context Protocol on stdin and stdout. Without --allow-writes it only reads: devices,
    runs, failures with their evidence, why a job waits, how tests did before. It needs the extra: pip install
    'qgjob-farm[mcp]'.
    """
    if find_spec("mcp") is None:
        raise ConfigurationError("qgjob mcp needs a library that is not installed: pip install 'qgjob-farm[mcp]'")
    from qgjob.cli.mcp.acting import Workplace  # noqa: PLC0415  # the library is there in the extra alone
    from qgjob.cli.mcp.server import tool_server  # noqa: PLC0415  # as above

    project = named_project(project_dir) if project_dir else find_project(Path.cwd())
    workplace = Workplace(org=org_id or settings.org, project=project, app_version_id=settings.app_version_id)
    with connect(settings) as client:
        tool_server(client, Say(settings), workplace, allow_writes=allow_writes).run()
