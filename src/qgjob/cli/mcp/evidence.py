"""Evidence for an agent's eyes: a screenshot as an image, a text by its end, and of anything else what it is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mcp.server.mcpserver import Image

from qgjob.cli.mcp.told import EvidenceTold
from qgjob.core.errors import NotFound, TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgjob.client import Client
    from qgjob.wire.jobs import AttemptShown, EvidenceShown

MOST_IMAGE_BYTES = 4 * 1024 * 1024
MOST_TEXT_CHARACTERS = 20_000
_MOST_FETCHED_BYTES = 64 * 1024 * 1024
_MOST_NAMED = 40
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}


class EvidenceReader:
    """Reads files of evidence by way of a temporary folder."""

    Answer: TypeAlias = Image | str

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self, job_id: str, attempt: int, name: str) -> Answer:
        """Fetch a file and return what can be seen of it.

        Raises NotFound naming the files that there are, TooLarge for a file that nobody would read this way.
        """
        file = self._listed(job_id, attempt, name)
        if file["size_bytes"] > _MOST_FETCHED_BYTES:
            raise TooLarge(f"{name} has {file['size_bytes']} bytes: fetch it with `qgjob evidence {job_id} --to DIR`.")
        with tempfile.TemporaryDirectory(prefix="qgjob-") as folder:
            to = Path(folder) / "evidence"
            self._client.evidence.download(job_id, attempt, name, to=to, sha256=file["sha256"])
            return _seen(to.read_bytes(), name)

    def _listed(self, job_id: str, attempt: int, name: str) -> EvidenceShown:
        files = {
            (shown["attempt"], file["name"]): file
            for shown in self._client.jobs.attempts(job_id)["attempts"]
            for file in shown["evidence"]
        }
        if (attempt, name) not in files:
            there = ", ".join(f"attempt {number}: {each}" for number, each in files) or "none"
            raise NotFound(f"Attempt {attempt} of job {job_id} left no {name}. There is: {there}.")
        return files[attempt, name]


def evidence_told(attempts: Sequence[AttemptShown]) -> list[EvidenceTold]:
    """Name the files of a job, those of the last attempts first."""
    files = [
        EvidenceTold(attempt=shown["attempt"], name=file["name"], kind=file["kind"], size_bytes=file["size_bytes"])
        for shown in reversed(attempts)
        for file in shown["evidence"]
    ]
    return files[:_MOST_NAMED]


def _seen(content: bytes, name: str) -> EvidenceReader.Answer:
    kind = next((kind for start, kind in _IMAGES.items() if content.startswith(start)), None)
    if kind is not None:
        if len(content) > MOST_IMAGE_BYTES:
            return f"{name} is an image of {len(content)} bytes, too large to be shown here."
        return Image(data=content, format=kind)
    if b"\0" in content[:8192]:
        return f"{name} is no text and no image; it has {len(content)} bytes."
    text = content.decode(errors="replace")
    if len(text) <= MOST_TEXT_CHARACTERS:
        return text
    return f"(the last {MOST_TEXT_CHARACTERS} of {len(text)} characters)\n{text[-MOST_TEXT_CHARACTERS:]}"
