"""`qgjob runs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.run import runs_table

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.jobs import RunPage

_PAGE = 500
_SHOWN = 50


@click.command("runs", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Only runs of this org.  [default: QGJOB_ORG, else all]")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="At most so many runs."
)
@with_settings
def runs_command(settings: Settings, org_id: str | None, limit: int) -> None:
    """List runs, newest first: the jobs that were submitted together, and how far they are.

    The ids can be pasted into `qgjob status --run-id`.
    """
    say = Say(settings)
    with connect(settings) as client:
        page = _newest(client, limit=limit, org_id=org_id or settings.org)
    say.result(page, [runs_table(page["runs"])])
    if page["next_cursor"]:
        say.progress(f"These are the newest {page['count']}; --limit shows more.")


def _newest(client: Client, *, limit: int, org_id: str | None) -> RunPage:
    """Fetch the newest `limit` runs, page by page, as one page."""
    found: RunPage = {"count": 0, "runs": [], "next_cursor": None}
    while True:
        page = client.jobs.runs(org_id=org_id, limit=min(limit - found["count"], _PAGE), cursor=found["next_cursor"])
        runs = found["runs"] + page["runs"]
        found = {"count": len(runs), "runs": runs, "next_cursor": page["next_cursor"]}
        if not page["next_cursor"] or len(runs) >= limit:
            return found
