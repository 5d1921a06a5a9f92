"""Brings a packed project to the server: sent only when the server does not have these very bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgjob.cli.say import Say
    from qgjob.cli.submission.pack import Bundle
    from qgjob.client import Client


def deliver_bundle(client: Client, say: Say, bundle: Bundle, *, org_id: str) -> None:
    """Make sure that the server has this bundle."""
    size = f"{len(bundle.files)} files, {bundle.size_bytes / 1024:.0f} KiB"
    if client.bundles.find(org_id, bundle.sha256) is not None:
        say.progress(f"The server has this project already ({size})")
        return
    say.progress(f"Uploading the project ({size})")
    client.bundles.upload(org_id, bundle.sha256, bundle.path)
