"""Files from the server onto the disk: proven by their hash, and there either whole or not at all."""

import hashlib
import os
from pathlib import Path

from qgjob.client.transport import Transport
from qgjob.core.errors import InfrastructureError


def download(transport: Transport, path: str, *, to: Path, sha256: str | None) -> None:
    """Fetch `path` into the file `to`, replacing it only when every byte has arrived and hashes to `sha256`.

    `sha256` None: nothing is promised of the bytes. Raises InfrastructureError when they hash to something else.
    """
    part = to.with_name(f"{to.name}.{os.getpid()}.part")
    try:
        actual = _fetch(transport, path, part)
        if sha256 is not None and actual != sha256:
            raise InfrastructureError(f"{path} should hash to {sha256} and came as {actual}: fetch it again.")
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _fetch(transport: Transport, path: str, part: Path) -> str:
    digest = hashlib.sha256()
    with transport.stream(path) as chunks, part.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
