import hashlib
import json
from pathlib import Path

import pytest

from qgjob.client import Client
from qgjob.core.errors import InfrastructureError, NotFound, Unreachable
from tests.client.scripted import Answer, scripted

BYTES = b"PK" * 400_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
SHOWN = Answer(
    body=json.dumps({"org_id": "acme", "sha256": SHA256, "size_bytes": len(BYTES), "files": 3}).encode(),
)


def test_a_download_is_there_whole_when_its_bytes_are_proven(tmp_path: Path) -> None:
    with scripted(Answer(body=BYTES)) as server, Client(server.url, timeout_s=5) as client:
        client.bundles.download("acme", SHA256, to=tmp_path / "bundle.zip")

    assert (tmp_path / "bundle.zip").read_bytes() == BYTES
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]


def test_a_download_of_other_bytes_leaves_nothing(tmp_path: Path) -> None:
    with (
        scripted(Answer(body=b"something else")) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(InfrastructureError, match="fetch it again"),
    ):
        client.bundles.download("acme", SHA256, to=tmp_path / "bundle.zip")

    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_keeps_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "bundle.zip"
    target.write_bytes(b"before")
    short = Answer(body=BYTES[:1000], headers={"Content-Length": str(len(BYTES)), "Connection": "close"})
    with scripted(short) as server, Client(server.url, timeout_s=0.3) as client, pytest.raises(Unreachable):
        client.bundles.download("acme", SHA256, to=target)

    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]


def test_a_download_of_nothing_says_so(tmp_path: Path) -> None:
    missing = Answer(status=404, body=b'{"error": "Bundle not found"}')
    with (
        scripted(missing) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(NotFound, match="Bundle not found"),
    ):
        client.bundles.download("acme", SHA256, to=tmp_path / "bundle.zip")


def test_an_upload_sends_the_files_bytes_and_their_number(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(BYTES)
    with scripted(SHOWN) as server, Client(server.url, timeout_s=5) as client:
        assert client.bundles.upload("acme", SHA256, file)["files"] == 3

    assert server.asked[0].path == f"/bundles/acme/{SHA256}"
    assert server.asked[0].body == BYTES
    assert server.asked[0].headers["content-length"] == str(len(BYTES))
    assert server.asked[0].headers["content-type"] == "application/octet-stream"


def test_an_upload_that_breaks_begins_again_with_the_first_byte(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(BYTES)
    with scripted(Answer(hang_up=True), SHOWN) as server, Client(server.url, timeout_s=5) as client:
        client.bundles.upload("acme", SHA256, file)

    assert [len(asked.body) for asked in server.asked] == [len(BYTES), len(BYTES)]


def test_an_unknown_bundle_is_none() -> None:
    with (
        scripted(Answer(status=404, body=b'{"error": "Bundle not found"}')) as server,
        Client(server.url, timeout_s=5) as client,
    ):
        assert client.bundles.find("acme", SHA256) is None
