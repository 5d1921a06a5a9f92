"""Screenshots of failed cases, taken just before their session ends: Playwright's own know only browsers."""

import base64
from pathlib import Path

from qgjob.agent.gateway import limits
from qgjob.agent.gateway.upstream import Upstream
from qgjob.core.errors import InfrastructureError


class Screenshots:
    """Keeps up to `limits.MOST_SCREENSHOTS` PNG files in a folder; None keeps none.

    A screenshot that cannot be had is left out: it must never change how a test ends.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._left = limits.MOST_SCREENSHOTS

    async def take(self, upstream: Upstream, session_id: str, *, name: str) -> Path | None:
        """Take one of an open session; returns where it is."""
        if self._folder is None or self._left <= 0:
            return None
        try:
            answer = await upstream.ask("GET", f"/session/{session_id}/screenshot", timeout_s=limits.SCREENSHOT_S)
            value = answer.value() if answer.ok else None
            picture = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        except (InfrastructureError, ValueError):
            return None
        if not picture:
            return None
        self._left -= 1
        path = self._folder / f"{name}.png"
        path.write_bytes(picture)
        return path
