"""`qgjob list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.job import jobs_table
from qgjob.core.words import JobStatus

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.jobs import JobPage

_PAGE = 500


@click.command("list", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Only jobs of this org.  [default: QGJOB_ORG, else all]")
@click.option(
    "--status",
    type=click.Choice([status.value for status in JobStatus], case_sensitive=False),
    help="Only jobs that stand so.",
)
@click.option("--app-version-id", metavar="VERSION", help="Only jobs of this app version.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=_PAGE, show_default=True, help="At most so many jobs."
)
@with_settings
def list_command(
    settings: Settings, org_id: str | None, status: str | None, app_version_id: str | None, limit: int
) -> None:
    """List jobs, oldest first.

    The ids can be pasted into `qgjob status`.
    """
    say = Say(settings)
    with connect(settings) as client:
        page = _first(client, limit=limit, org_id=org_id or settings.org, status=status, app_version_id=app_version_id)
    say.result(page, [jobs_table(page["jobs"])])
    if page["next_cursor"]:
        say.progress(f"These are the oldest {page['count']}; --limit shows more.")


def _first(
    client: Client, *, limit: int, org_id: str | None, status: str | None, app_version_id: str | None
) -> JobPage:
    """Fetch the oldest `limit` jobs, page by page, as one page."""
    found: JobPage = {"count": 0, "jobs": [], "next_cursor": None}
    while True:
        page = client.jobs.page(
            org_id=org_id,
            status=status,
            app_version_id=app_version_id,
            limit=min(limit - found["count"], _PAGE),
            cursor=found["next_cursor"],
        )
        jobs = found["jobs"] + page["jobs"]
        found = {"count": len(jobs), "jobs": jobs, "next_cursor": page["next_cursor"]}
        if not page["next_cursor"] or len(jobs) >= limit:
            return found
