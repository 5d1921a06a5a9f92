"""`qgjob app upload`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgjob.cli.settings import Settings
    from qgjob.wire.apps import BinaryShown


@click.command("upload", epilog=EPILOG)
@click.argument(
    "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The APK or IPA."
)
@click.option("--org-id", metavar="ORG", help="Org that the app belongs to.  [default: QGJOB_ORG]")
@click.option("--app-version-id", metavar="VERSION", required=True, help="What to call this version of the app.")
@with_settings
def app_upload_command(settings: Settings, *, file: Path, org_id: str | None, app_version_id: str) -> None:
    """Upload an APK or IPA as an app version.

    A version stands for the same bytes for ever: other bytes under the same name are refused (exit 2), the same bytes
    again change nothing.
    """
    org = org_id or settings.org
    if not org:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    with connect(settings) as client:
        binary = client.apps.upload(org, app_version_id, file)
    Say(settings).result(binary, _view(binary))


def _view(binary: BinaryShown) -> Iterator[str]:
    yield f"App version: {binary['app_version_id']}"
    yield f"Org: {binary['org_id']}"
    yield f"Package: {binary['package']}"
    yield f"Version: {binary['version_name']} ({binary['version_code']})"
    yield f"Platform: {binary['platform']}, {binary['kind']}"
    yield f"SHA-256: {binary['sha256']}"
