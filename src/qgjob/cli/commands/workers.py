"""`qgjob workers`, and what there is to do with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lazy import Entry, LazyGroup
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.farm import workers_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


@click.group(
    "workers",
    cls=LazyGroup,
    entries={
        "drain": Entry(
            target="qgjob.cli.commands.workers:drain_command",
            summary="Give a worker no more work; what it has in hand it brings to its end.",
        ),
        "resume": Entry(
            target="qgjob.cli.commands.workers:resume_command",
            summary="Let a worker have work again that drains or is in quarantine.",
        ),
    },
    invoke_without_command=True,
    epilog=EPILOG,
)
@with_settings
def workers_command(settings: Settings) -> None:
    """Show the devices of the farm, or take one out of work.

    For each its model, its status, and the app version that it holds.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    say = Say(settings)
    with connect(settings) as client:
        page = client.workers.all()
    say.result(page, workers_view(page["workers"]))
    if not page["workers"]:
        say.progress(f"No device has registered yet. Start one with: qgjob agent --server {settings.server_url}")


@click.command("drain", epilog=EPILOG)
@click.argument("worker_id", metavar="WORKER_ID", help="The worker, by its full id.")
@with_settings
def drain_command(settings: Settings, *, worker_id: str) -> None:
    """Give a worker no more work; what it has in hand it brings to its end.

    It stays so, also when its agent starts again, until `qgjob workers resume`.
    """
    with connect(settings) as client, looking_for(worker_id):
        worker = client.workers.drain(worker_id)
    Say(settings).result(worker, workers_view([worker]))


@click.command("resume", epilog=EPILOG)
@click.argument("worker_id", metavar="WORKER_ID", help="The worker, by its full id.")
@with_settings
def resume_command(settings: Settings, *, worker_id: str) -> None:
    """Let a worker have work again that drains or is in quarantine.

    What it has lost to infrastructure so far is forgiven.
    """
    with connect(settings) as client, looking_for(worker_id):
        worker = client.workers.resume(worker_id)
    Say(settings).result(worker, workers_view([worker]))
