"""`qgjob estimates`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.cli.views.estimates import times_of_installs_view, times_of_tests_view

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings

_MOST = 500


@click.command("estimates", epilog=EPILOG)
@click.option("--org-id", metavar="ORG", help="Whose.  [default: QGJOB_ORG]")
@click.option("--test", "test_path", metavar="PATH", help="Only of this test.")
@click.option("--installs", "is_installs", is_flag=True, help="Of installs instead of tests.")
@click.option("--package", metavar="PACKAGE", help="Only of installs of this package.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1, max=_MOST),
    default=_MOST,
    show_default=True,
    help="At most so many.",
)
@click.option("--cursor", metavar="CURSOR", help="Go on where another page ended (its next_cursor).")
@with_settings
def estimates_command(
    settings: Settings,
    *,
    org_id: str | None,
    test_path: str | None,
    is_installs: bool,
    package: str | None,
    limit: int,
    cursor: str | None,
) -> None:
    """Show how long tests and installs are expected to take.

    Learnt from how long they took, the newest counting most, for each kind of device; `Samples` is from how many.
    """
    org = org_id or settings.org
    if org is None:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    if test_path and (is_installs or package):
        raise click.UsageError("--test is about tests, --installs and --package are not: ask for one of them.")
    say = Say(settings)
    with connect(settings) as client:
        if is_installs or package:
            installs = client.ledger.installs(org_id=org, package=package, limit=limit, cursor=cursor)
            following = installs["next_cursor"]
            say.result(installs, times_of_installs_view(installs["installs"]))
        else:
            tests = client.ledger.tests(org_id=org, test_path=test_path, limit=limit, cursor=cursor)
            following = tests["next_cursor"]
            say.result(tests, times_of_tests_view(tests["tests"]))
    if following:
        say.progress(f"There are more: --cursor {following} goes on.")
