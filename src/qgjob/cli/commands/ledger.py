"""`qgjob ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.ledger import ledger_view

if TYPE_CHECKING:
    from datetime import datetime

    from qgjob.cli.settings import Settings
    from qgjob.client import Client
    from qgjob.wire.ledger import LedgerPage

_PAGE = 100
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("ledger", epilog=EPILOG)
@click.option("--by", type=click.Choice(["day", "org", "run"]), default="day", show_default=True, help="One row each.")
@click.option("--org-id", metavar="ORG", help="Whose.  [default: QGJOB_ORG, else by org all]")
@click.option("--run-id", metavar="RUN_ID", help="Only this run.")
@click.option("--from", "from_day", metavar="DAY", type=_DAY, help="The first day, by UTC.  [default: 30 days in all]")
@click.option("--to", "to_day", metavar="DAY", type=_DAY, help="The last day.  [default: today]")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=_PAGE, show_default=True, help="At most so many rows."
)
@with_settings
def ledger_command(
    settings: Settings,
    *,
    by: str,
    org_id: str | None,
    run_id: str | None,
    from_day: datetime | None,
    to_day: datetime | None,
    limit: int,
) -> None:
    """Show what devices did by day, run or org, and what it would have cost otherwise.

    All is counted from what devices did. Stock Appwright installs the app for every case that opens a session; the
    whole-group rule gives each group one worker, which installs once. Both are charged what such installs were measured
    to take in these days; a dash: nobody measured that.
    """
    org = org_id or settings.org
    if run_id is None and by != "org" and org is None:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    say = Say(settings)
    with connect(settings) as client:
        page = _first(
            client,
            by=by,
            org_id=org_id if run_id else org,
            run_id=run_id,
            from_day=None if from_day is None else f"{from_day:%Y-%m-%d}",
            to_day=None if to_day is None else f"{to_day:%Y-%m-%d}",
            limit=limit,
        )
    say.result(page, ledger_view(page))
    if page["next_cursor"]:
        say.progress(f"These are the first {page['count']}; --limit shows more.")


def _first(
    client: Client,
    *,
    by: str,
    org_id: str | None,
    run_id: str | None,
    from_day: str | None,
    to_day: str | None,
    limit: int,
) -> LedgerPage:
    """Fetch the first `limit` entries, page by page, as one page. A page of days may have fewer than it could."""
    found: LedgerPage | None = None
    while True:
        had = [] if found is None else found["entries"]
        page = client.ledger.page(
            by=by,
            org_id=org_id,
            run_id=run_id,
            from_day=from_day,
            to_day=to_day,
            limit=min(limit - len(had), _PAGE),
            cursor=None if found is None else found["next_cursor"],
        )
        page["entries"] = had + page["entries"]
        page["count"] = len(page["entries"])
        if not page["next_cursor"] or page["count"] >= limit:
            return page
        found = page
