"""The command `virtual-android`: starts one device, says where it listens, and runs until it is told to end."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path

from virtual_android.adb.cable import LOOPBACK, Cable
from virtual_android.adb.services import Services
from virtual_android.adb.transport import Connection
from virtual_android.app.reading import ModelError, load_models
from virtual_android.device import Device
from virtual_android.events import EventKind, EventLog
from virtual_android.identity import NAME_PREFIX, Identity, IdentityError

PARENT_POLL_S = 0.25
USAGE_ERROR = 2


def main() -> None:
    """Run the device; exit 2 with one sentence when it cannot start."""
    arguments = _parser().parse_args()
    try:
        asyncio.run(_run(arguments))
    except (ModelError, IdentityError, OSError) as error:
        sys.stderr.write(f"virtual-android: {error}\n")
        sys.exit(USAGE_ERROR)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="virtual-android",
        description="A virtual Android device for adb and Appium's UiAutomator2 driver. It listens on loopback only.",
    )
    parser.add_argument("--name", default=f"{NAME_PREFIX} A", help=f"model name; begins with {NAME_PREFIX!r}")
    parser.add_argument("--port", type=int, default=0, help="TCP port; 0 (the default) takes a free one")
    parser.add_argument("--model", type=Path, action="append", default=[], help="JSON model of apps; may be repeated")
    parser.add_argument("--release", default="13", help="Android version (default 13)")
    parser.add_argument("--sdk", type=int, default=33, help="Android API level (default 33)")
    parser.add_argument(
        "--install-mb-per-s", type=_speed, help="modelled install speed; without it installs take no time"
    )
    parser.add_argument("--events", type=Path, help="file that gets one JSON line per event")
    parser.add_argument(
        "--die-with-parent",
        type=int,
        nargs="?",
        const=os.getppid(),
        metavar="PID",
        help="end when the process that started it is gone; its PID closes the gap until this program has started",
    )
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no positive number of MB per second")
    return speed


async def _run(arguments: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    identity = Identity(name=arguments.name, release=arguments.release, sdk=arguments.sdk)
    models = load_models(arguments.model)
    events = EventLog(arguments.events)
    cable = Cable()
    device = Device(identity, models=models, events=events, line=cable, install_mb_per_s=arguments.install_mb_per_s)
    port = await _plug_in(cable, device, arguments.port)
    sys.stdout.write(json.dumps({"serial": f"{LOOPBACK}:{port}", "port": port, "model": identity.name}) + "\n")
    sys.stdout.flush()
    await _until_ended(ended, parent=arguments.die_with_parent)
    await cable.close()
    events.close()


async def _until_ended(ended: asyncio.Event, *, parent: int | None) -> None:
    while parent in {None, os.getppid()}:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), PARENT_POLL_S)
            return


async def _plug_in(cable: Cable, device: Device, port: int) -> int:
    services = Services(device)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        device.events.record(EventKind.HOST_CONNECTED)
        connection = Connection(
            reader=reader,
            writer=writer,
            banner=device.identity.banner,
            find_service=services.find,
            thawed=cable.thawed,
        )
        await connection.run()

    return await cable.plug_in(port, serve)


if __name__ == "__main__":
    main()
