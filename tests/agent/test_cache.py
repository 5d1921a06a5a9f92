"""Apps and bundles are fetched once per host, and the oldest make room for new ones."""

import asyncio
import os
import time

import pytest

from qgjob.agent.cache import KEPT_AT_LEAST_S, Cache
from qgjob.agent.host_trouble import HostTrouble
from qgjob.core.errors import InfrastructureError, NotFound
from qgjob.core.words import AppVersionId, OrgId, Sha256
from tests.agent.devices import BUILDS, shop
from tests.agent.server import VERSION, Served

pytestmark = [pytest.mark.anyio, pytest.mark.exam]

ORG = OrgId("acme")


async def test_an_app_is_fetched_once_and_is_what_its_name_says(served: Served) -> None:
    await asyncio.to_thread(served.upload)
    binary, file = shop("1.2.3")
    cache = Cache(served.folder / "cache", served.client)
    first, second = await asyncio.gather(*(cache.app(ORG, AppVersionId(VERSION), binary) for _ in range(2)))
    assert first == second
    assert first.read_bytes() == file.read_bytes()
    await asyncio.to_thread(served.stop)
    assert await cache.app(ORG, AppVersionId(VERSION), binary) == first


async def test_a_file_that_the_disk_has_spoilt_is_fetched_again(served: Served) -> None:
    await asyncio.to_thread(served.upload)
    binary, file = shop("1.2.3")
    cache = Cache(served.folder / "cache", served.client)
    kept = await cache.app(ORG, AppVersionId(VERSION), binary)
    kept.write_bytes(file.read_bytes()[:1000])
    await cache.app(ORG, AppVersionId(VERSION), binary)
    assert kept.read_bytes() == file.read_bytes()


async def test_a_bundle_that_the_server_does_not_know_is_not_waited_for(served: Served) -> None:
    with pytest.raises(NotFound):
        await Cache(served.folder / "cache", served.client).bundle(ORG, Sha256("0" * 64))


async def test_the_files_that_were_not_used_for_longest_make_room(served: Served) -> None:
    digest = Sha256(await asyncio.to_thread(served.upload))
    folder = served.folder / "cache" / "apps"
    folder.mkdir(parents=True)
    now = time.time()
    for name, age_s in (("oldest", 3 * KEPT_AT_LEAST_S), ("old", 2 * KEPT_AT_LEAST_S), ("in-use", 60.0)):
        (folder / name).write_bytes(b"x" * 1000)
        os.utime(folder / name, (now - age_s, now - age_s))
    cache = Cache(served.folder / "cache", served.client, most_bytes=2500)
    path = await cache.bundle(ORG, digest)
    assert path.exists()
    assert sorted(file.name for file in folder.iterdir()) == ["in-use", "old"]


async def test_a_folder_that_cannot_be_written_is_trouble_of_the_host(served: Served) -> None:
    await asyncio.to_thread(served.upload)
    (served.folder / "cache").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(HostTrouble, match="Could not store"):
        await Cache(served.folder / "cache", served.client).app(ORG, AppVersionId(VERSION), shop("1.2.3")[0])


async def test_bytes_that_are_not_what_was_promised_are_never_kept(served: Served) -> None:
    await asyncio.to_thread(served.upload)
    content = (BUILDS / "shop-1.2.3.apk").read_bytes()
    blob = served.settings.data_dir / "blobs"
    stored = next(path for path in blob.rglob("*") if path.is_file() and path.read_bytes() == content)
    stored.write_bytes(content[:-1] + b"!")
    cache = Cache(served.folder / "cache", served.client)
    with pytest.raises(InfrastructureError, match="should hash to"):
        await cache.app(ORG, AppVersionId(VERSION), shop("1.2.3")[0])
    assert [path.name for path in (served.folder / "cache" / "apps").iterdir()] == []
