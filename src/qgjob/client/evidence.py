"""Calls about evidence: files that an attempt left behind."""

from pathlib import Path

from qgjob.client.address import path_of
from qgjob.client.download import download
from qgjob.client.transport import Transport
from qgjob.wire.jobs import EvidenceShown


class Evidence:
    """Stored files of attempts, by job, attempt number and name."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(
        self, job_id: str, attempt: int, name: str, file: Path, *, sha256: str, kind: str, agent_id: str
    ) -> EvidenceShown:
        """Store `file`, whose bytes hash to `sha256`, with an attempt that this agent made."""
        query = {"sha256": sha256, "kind": kind, "agent_id": agent_id}
        return self._transport.send_file(EvidenceShown, _path(job_id, attempt, name), file, query=query)

    def download(self, job_id: str, attempt: int, name: str, *, to: Path, sha256: str | None = None) -> None:
        """Fetch one file into `to`; `sha256` as the attempt's list of evidence names it."""
        download(self._transport, _path(job_id, attempt, name), to=to, sha256=sha256)


def _path(job_id: str, attempt: int, name: str) -> str:
    return path_of("jobs", job_id, "attempts", attempt, "evidence", name)
