"""Calls about bundles: Appwright projects as zip files, known by the hash of the zip's bytes."""

from pathlib import Path

from qgjob.client.address import path_of
from qgjob.client.download import download
from qgjob.client.transport import Transport
from qgjob.core.errors import NotFound
from qgjob.wire.apps import BundleShown


class Bundles:
    """Packed projects. Ask `find` first: a bundle that the server knows need not be sent again."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find(self, org_id: str, sha256: str) -> BundleShown | None:
        """Return what the server knows of this bundle; None when it has none of it."""
        try:
            return self._transport.ask(BundleShown, "GET", path_of("bundles", org_id, sha256, "files"), repeatable=True)
        except NotFound:
            return None

    def upload(self, org_id: str, sha256: str, file: Path) -> BundleShown:
        """Upload the zip `file`, whose bytes hash to `sha256`."""
        return self._transport.send_file(BundleShown, path_of("bundles", org_id, sha256), file)

    def download(self, org_id: str, sha256: str, *, to: Path) -> None:
        """Fetch the zip into the file `to`, proven by its hash."""
        download(self._transport, path_of("bundles", org_id, sha256), to=to, sha256=sha256)
