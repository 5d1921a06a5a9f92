import asyncio
from pathlib import Path

import pytest

from qgjob.agent.runner import output
from qgjob.agent.runner.output import Output

pytestmark = pytest.mark.anyio


async def kept(path: Path, printed: bytes) -> Output:
    stream = asyncio.StreamReader()
    stream.feed_data(printed)
    stream.feed_eof()
    made = Output(path)
    await made.keep(stream)
    made.close()
    return made


async def test_what_is_printed_is_kept_in_a_file(tmp_path: Path) -> None:
    made = await kept(tmp_path / "output.txt", "passed ✓\n".encode())
    assert (tmp_path / "output.txt").read_text() == "passed ✓\n"
    assert made.tail == "passed ✓\n"


async def test_a_talkative_process_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST_FILE_BYTES", 10)
    monkeypatch.setattr(output, "MOST_TAIL_BYTES", 4)
    made = await kept(tmp_path / "output.txt", b"0123456789abcdef")
    assert (tmp_path / "output.txt").read_text() == "0123456789\n[qgjob kept the first 10 bytes of this output]\n"
    assert made.tail == "cdef"


async def test_a_full_disk_does_not_stop_the_reading(tmp_path: Path) -> None:
    (tmp_path / "output.txt").symlink_to("/dev/full")
    made = await kept(tmp_path / "output.txt", b"0123456789")
    assert made.tail == "0123456789"
