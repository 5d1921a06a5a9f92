"""Calls about app versions and their binaries."""

from pathlib import Path

from qgjob.client.address import path_of
from qgjob.client.download import download
from qgjob.client.transport import Transport
from qgjob.wire.apps import AppVersionShown, BinaryShown


class Apps:
    """App versions: uploaded once, known by the hash of their bytes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(self, org_id: str, app_version_id: str, file: Path) -> BinaryShown:
        """Upload an APK or IPA as this version. Raises Conflict when the version is known with other bytes."""
        return self._transport.send_file(BinaryShown, path_of("apps", org_id, app_version_id), file)

    def get(self, org_id: str, app_version_id: str) -> AppVersionShown:
        """Return the binaries of a version. Raises NotFound when it was never uploaded."""
        return self._transport.ask(AppVersionShown, "GET", path_of("apps", org_id, app_version_id), repeatable=True)

    def download(self, org_id: str, app_version_id: str, sha256: str, *, to: Path) -> None:
        """Fetch one binary into the file `to`, proven by its hash."""
        path = path_of("apps", org_id, app_version_id, "binaries", sha256)
        download(self._transport, path, to=to, sha256=sha256)
