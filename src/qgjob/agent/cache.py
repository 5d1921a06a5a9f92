"""Apps and bundles on this host, each fetched once and known by its hash. The oldest go when there are too many.

What the disk has spoilt is fetched again: it must not be taken for a broken app or bundle of the user's.
"""

import asyncio
import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from qgjob.agent.delivery.patience import patiently
from qgjob.agent.host_trouble import HostTrouble
from qgjob.client import Client
from qgjob.core.app import AppBinary
from qgjob.core.words import AppVersionId, OrgId, Platform, Sha256

MOST_BYTES = 10 * 1024**3
KEPT_AT_LEAST_S = 6 * 3600.0
"""A file that was used this recently may still be in use, by another agent of this host too."""


class Cache:
    """A folder of files named by their hash. Several agents of a host may share it."""

    def __init__(self, folder: Path, client: Client, *, most_bytes: int = MOST_BYTES) -> None:
        self._apps, self._bundles = folder / "apps", folder / "bundles"
        self._client = client
        self._most_bytes = most_bytes
        self._one_at_a_time: defaultdict[Path, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def app(self, org_id: OrgId, app_version_id: AppVersionId, binary: AppBinary) -> Path:
        """Return the file of an app binary, fetched first when it is not here."""
        suffix = "apk" if binary.platform is Platform.ANDROID else "ipa"
        return await self._file(
            self._apps / f"{binary.sha256}.{suffix}",
            binary.sha256,
            lambda to: self._client.apps.download(org_id, app_version_id, binary.sha256, to=to),
        )

    async def bundle(self, org_id: OrgId, sha256: Sha256) -> Path:
        """Return the zip file of a bundle, fetched first when it is not here."""
        return await self._file(
            self._bundles / f"{sha256}.zip",
            sha256,
            lambda to: self._client.bundles.download(org_id, sha256, to=to),
        )

    async def _file(self, path: Path, sha256: Sha256, fetch: Callable[[Path], None]) -> Path:
        async with self._one_at_a_time[path]:
            if await asyncio.to_thread(_is_whole, path, sha256):
                await asyncio.to_thread(os.utime, path)  # the order in which files go is that of their last use
                return path
            try:
                await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
                await patiently(lambda: fetch(path))
                await asyncio.to_thread(self._evict)
            except OSError as error:
                raise HostTrouble(
                    f"Could not store {path.name} in {path.parent}: {error.strerror or error}."
                ) from error
            return path

    def _evict(self) -> None:
        """Drop the files that were not used for longest until the rest fits."""
        files = [path for folder in (self._apps, self._bundles) if folder.exists() for path in folder.iterdir()]
        entries = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in files)
        excess = sum(size for _, size, _ in entries) - self._most_bytes
        for used_at, size, path in entries:
            if excess <= 0 or used_at > time.time() - KEPT_AT_LEAST_S:
                return
            path.unlink(missing_ok=True)
            excess -= size


def _is_whole(path: Path, sha256: Sha256) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:  # not there, or on a part of the disk that cannot be read
        return False
