"""`qgjob mcp`."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.core.errors import ConfigurationError

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.command("mcp", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Org to answer about.  [default: QGJOB_ORG]")
@click.option("--allow-writes", is_flag=True, help="Offer the tools that submit, cancel and retry as well.")
@with_settings
def mcp_command(settings: Settings, *, org_id: str | None, allow_writes: bool) -> None:
    """Offer the farm to coding agents, as tools of a Model Context Protocol server on stdin and stdout.

    Without --allow-writes it only reads: devices, runs, failures with their evidence, why a job waits, how tests did
    before. It needs the extra: pip install 'qgjob-farm[mcp]'.
    """
    if find_spec("mcp") is None:
        raise ConfigurationError("qgjob mcp needs a library that is not installed: pip install 'qgjob-farm[mcp]'")
    from qgjob.cli.mcp.server import tool_server  # noqa: PLC0415  # the library is there in the extra alone

    with connect(settings) as client:
        tool_server(client, org=org_id or settings.org, allow_writes=allow_writes).run()
