"""Evidence comes to the server by its hash, and what cannot be uploaded costs nothing else."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from qgjob.agent.delivery.uploads import MOST_WAITING, EvidenceFile, EvidenceKind, Uploads
from qgjob.core.lease import LeasedJob
from tests.agent.server import AGENT, Served

pytestmark = [pytest.mark.anyio, pytest.mark.exam]


def a_file(folder: Path, job: LeasedJob, name: str, content: bytes | None) -> EvidenceFile:
    folder.mkdir(exist_ok=True)
    if content is not None:
        (folder / name).write_bytes(content)
    return EvidenceFile(job=job, name=name, kind=EvidenceKind.OUTPUT, path=folder / name)


async def uploaded(uploads: Uploads) -> None:
    running = asyncio.create_task(uploads.run())
    await asyncio.wait_for(uploads.all_done(), 30)
    running.cancel()


async def test_evidence_is_stored_under_its_hash_and_its_folder_is_gone(served: Served) -> None:
    job = await asyncio.to_thread(served.begun_job)
    folder = served.folder / "work"
    uploads = Uploads(served.client, AGENT, lambda _: None)
    uploads.add([a_file(folder, job, "output.txt", b"it ran")], folder=folder)
    await uploaded(uploads)
    attempt = await asyncio.to_thread(served.attempt, job)
    assert attempt["evidence"] == [
        {"name": "output.txt", "kind": "output", "sha256": sha256(b"it ran").hexdigest(), "size_bytes": 6}
    ]
    assert not folder.exists()


async def test_what_is_not_there_or_refused_keeps_nothing_else_back(served: Served) -> None:
    said: list[str] = []
    job = await asyncio.to_thread(served.begun_job)
    stranger = LeasedJob(job_id=job.job_id, attempt=99, test_path=job.test_path, timeout_s=None)
    folder = served.folder / "work"
    uploads = Uploads(served.client, AGENT, said.append)
    files = [
        a_file(folder, job, "never-written.txt", None),
        a_file(folder, job, "nothing-to-say.txt", b""),
        a_file(folder, stranger, "of-another-attempt.txt", b"x"),
        a_file(folder, job, "output.txt", b"it ran"),
    ]
    uploads.add(files, folder=folder)
    await uploaded(uploads)
    attempt = await asyncio.to_thread(served.attempt, job)
    assert [each["name"] for each in attempt["evidence"]] == ["output.txt"]
    (line,) = said
    assert line.startswith(f"evidence of-another-attempt.txt of job {job.job_id} was not uploaded: ")


async def test_a_server_that_is_away_gets_it_later(served: Served) -> None:
    job = await asyncio.to_thread(served.begun_job)
    await asyncio.to_thread(served.stop)
    folder = served.folder / "work"
    uploads = Uploads(served.client, AGENT, lambda _: None)
    uploads.add([a_file(folder, job, "output.txt", b"it ran")], folder=folder)
    running = asyncio.create_task(uploaded(uploads))
    await asyncio.to_thread(served.start)
    await running
    attempt = await asyncio.to_thread(served.attempt, job)
    assert [each["name"] for each in attempt["evidence"]] == ["output.txt"]


async def test_more_than_may_wait_is_dropped_and_said(served: Served) -> None:
    said: list[str] = []
    uploads = Uploads(served.client, AGENT, said.append)
    for number in range(MOST_WAITING + 1):
        folder = served.folder / f"work-{number}"
        folder.mkdir()
        uploads.add([], folder=folder)
    assert said == ["200 uploads wait already: the evidence of work-200 is dropped"]
    assert not (served.folder / "work-200").exists()
