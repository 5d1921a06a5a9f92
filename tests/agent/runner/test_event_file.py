from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.agent.runner.event_file import EventFile
from qgjob.agent.runner.reader import NotAnEvent


def test_lines_are_read_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    file = EventFile(path)
    assert list(file.new_lines()) == []
    path.write_bytes(b"one\ntwo\n")
    assert list(file.new_lines()) == [b"one", b"two"]
    assert list(file.new_lines()) == []
    file.close()


def test_a_line_that_is_not_whole_yet_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    file = EventFile(path)
    with path.open("ab", buffering=0) as writer:
        writer.write(b"on")
        assert list(file.new_lines()) == []
        writer.write(b"e\ntw")
        assert list(file.new_lines()) == [b"one"]
    file.close()


def test_a_line_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qgjob.agent.runner.event_file.MOST_LINE_BYTES", 100)
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"x" * 101)
    file = EventFile(path)
    with pytest.raises(NotAnEvent, match="a line of more than 100 bytes"):
        list(file.new_lines())
    file.close()


@given(
    lines=st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=20),
    cuts=st.lists(st.integers(min_value=0, max_value=600), max_size=8),
)
def test_however_the_writing_is_cut_the_same_lines_come_out(
    lines: list[bytes], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "events.jsonl"
    whole = b"".join(line + b"\n" for line in lines)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    file, read = EventFile(path), list[bytes]()
    with path.open("ab", buffering=0) as writer:
        for begin, end in pairwise(edges):
            writer.write(whole[begin:end])
            read += file.new_lines()
    file.close()
    assert read == lines
