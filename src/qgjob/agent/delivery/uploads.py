"""Brings evidence to the server after the verdict, in the background. A failed upload never costs a result."""

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from qgjob.agent.delivery.patience import patiently
from qgjob.client import Client
from qgjob.core.errors import QgjobError
from qgjob.core.lease import LeasedJob
from qgjob.core.words import AgentId

MOST_WAITING = 200
"""Sessions whose evidence waits; of more the evidence is dropped, so a server that is away cannot fill the disk."""
MOST_FILE_BYTES = 256 * 1024 * 1024


class EvidenceKind(StrEnum):
    """What a file of evidence is."""

    OUTPUT = "output"
    REPORT = "report"
    BLOB = "blob"
    TRACE = "trace"
    SCREENSHOT = "screenshot"
    ATTACHMENT = "attachment"
    APPIUM_LOG = "appium_log"


@dataclass(frozen=True, kw_only=True)
class EvidenceFile:
    """One file of one attempt; `name` is unique in the attempt."""

    job: LeasedJob
    name: str
    kind: EvidenceKind
    path: Path


@dataclass(frozen=True, kw_only=True)
class _Batch:
    files: Sequence[EvidenceFile]
    folder: Path


class Uploads:
    """The queue of evidence. `run` works it off; a folder is deleted when all of its files are up."""

    def __init__(self, client: Client, agent_id: AgentId, say: Callable[[str], None]) -> None:
        self._client = client
        self._agent_id = agent_id
        self._say = say
        self._waiting: asyncio.Queue[_Batch] = asyncio.Queue(MOST_WAITING)

    def add(self, files: Sequence[EvidenceFile], *, folder: Path) -> None:
        """Take over a session's folder and the files in it that are evidence."""
        try:
            self._waiting.put_nowait(_Batch(files=files, folder=folder))
        except asyncio.QueueFull:
            self._say(f"{MOST_WAITING} uploads wait already: the evidence of {folder.name} is dropped")
            shutil.rmtree(folder, ignore_errors=True)

    async def run(self) -> None:
        """Upload one session's evidence after the other, until cancelled."""
        while True:
            batch = await self._waiting.get()
            try:
                for file in batch.files:
                    await self._upload(file)
            finally:
                shutil.rmtree(batch.folder, ignore_errors=True)
                self._waiting.task_done()

    async def all_done(self) -> None:
        """Wait until nothing waits any more."""
        await self._waiting.join()

    async def _upload(self, file: EvidenceFile) -> None:
        try:
            if not file.path.is_file() or not 0 < file.path.stat().st_size <= MOST_FILE_BYTES:
                return
            sha256 = await asyncio.to_thread(_sha256, file.path)
            await patiently(
                partial(
                    self._client.evidence.upload,
                    file.job.job_id,
                    file.job.attempt,
                    file.name,
                    file.path,
                    sha256=sha256,
                    kind=file.kind,
                    agent_id=self._agent_id,
                )
            )
        except (QgjobError, OSError) as error:
            self._say(f"evidence {file.name} of job {file.job.job_id} was not uploaded: {error}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
