"""Opens the one connection of a command to its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.client import Client

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings


def connect(settings: Settings) -> Client:
    """Return a client for the settled server; nothing is sent before the first call."""
    return Client(settings.server_url, timeout_s=settings.timeout_s, token=settings.token)
