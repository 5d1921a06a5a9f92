"""`qgjob agent`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.agent.settings import ADB_PORT, AgentSettings, default_cache_dir, default_state_dir
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("agent", epilog=EPILOG)
@click.option("--server", "server", metavar="URL", help="Server to work for; the same as --server-url.")
@click.option(
    "--device",
    "devices",
    metavar="SERIAL",
    multiple=True,
    help="Device to own, as `adb devices` calls it; several are allowed.  [default: all that adb has online]",
)
@click.option(
    "--project",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="An Appwright project to run jobs from that came without one.",
)
@click.option("--name", metavar="NAME", help="What people call this agent.  [default: the host's name]")
@click.option(
    "--state-dir",
    metavar="DIR",
    type=_FOLDER,
    help="What this agent remembers over a restart; never shared by two.  [default: ~/.local/state/qgjob/agent]",
)
@click.option(
    "--cache-dir",
    metavar="DIR",
    type=_FOLDER,
    help="Where tools, apps and npm packages are kept; agents may share it.  [default: ~/.cache/qgjob]",
)
@click.option(
    "--adb-port",
    metavar="PORT",
    type=click.IntRange(1, 65535),
    default=ADB_PORT,
    show_default=True,
    help="Port of the adb server to use; it is started where none runs.",
)
@click.option(
    "--fake",
    "fake_devices",
    metavar="N",
    type=click.IntRange(1, 100),
    help="So many fake devices instead of real ones: no test is executed, results are made up and marked so. To test "
    "a farm itself; its server must have been started with QGJOB_ALLOW_FAKE=1.",
)
@with_settings
def agent_command(
    settings: Settings,
    *,
    server: str | None,
    devices: tuple[str, ...],
    project: Path | None,
    name: str | None,
    state_dir: Path | None,
    cache_dir: Path | None,
    adb_port: int,
    fake_devices: int | None,
) -> None:
    """Run an agent for the devices of this machine.

    It runs until SIGTERM or Ctrl-C, installs each app version once, runs the tests of its server's jobs on its
    devices and reports every case as it ends. The first start fetches Appium and its driver; that takes a minute.
    """
    if fake_devices and (devices or project):
        raise click.UsageError("--fake goes with neither --device nor --project: its devices do not exist.")
    from qgjob.agent.start import run_agent  # noqa: PLC0415  # half a second of imports that `--help` need not pay

    run_agent(
        AgentSettings(
            server_url=server or settings.server_url,
            devices=devices,
            project=project,
            state_dir=state_dir or default_state_dir(),
            cache_dir=cache_dir or default_cache_dir(),
            adb_port=adb_port,
            fake_devices=fake_devices or 0,
            name=name or socket.gethostname(),
        )
    )
