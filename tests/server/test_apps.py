"""Uploads of app versions: real APKs in, the same bytes out, and no name that comes to mean other bytes."""

from pathlib import Path

import httpx2
import pytest
from inline_snapshot import snapshot

from qgjob.server.settings import Settings
from tests.server.farm import SHOP_1_0_0, SHOP_2_0_0, an_uploaded_app, get, sha256_of

pytestmark = pytest.mark.anyio


def stored_files(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()]


async def test_an_apk_is_known_by_what_it_says_of_itself(api: httpx2.AsyncClient) -> None:
    response = await api.put("/apps/acme/v1.0.0", content=SHOP_1_0_0)
    shown = response.json()

    assert response.status_code == 201
    assert shown.pop("uploaded_at")
    assert shown == snapshot(
        {
            "org_id": "acme",
            "app_version_id": "v1.0.0",
            "sha256": "13f7af1363d8fd3587f0c3061a752ca9fc4ff94af3205b4ac916f686912586fc",
            "size_bytes": 8470,
            "platform": "android",
            "kind": "device",
            "package": "com.example.shop",
            "version_name": "1.0.0",
            "version_code": "100",
            "launch_activity": "com.example.shop.MainActivity",
        }
    )
    assert shown["sha256"] == sha256_of(SHOP_1_0_0)


async def test_the_same_bytes_again_change_nothing(api: httpx2.AsyncClient) -> None:
    first = await an_uploaded_app(api)
    response = await api.put("/apps/acme/v1.0.0", content=SHOP_1_0_0)

    assert (response.status_code, response.json()) == (200, first)


async def test_other_bytes_under_the_same_name_are_refused(api: httpx2.AsyncClient) -> None:
    first = await an_uploaded_app(api)
    response = await api.put("/apps/acme/v1.0.0", content=SHOP_2_0_0)

    assert (response.status_code, response.headers["content-type"]) == (409, "application/problem+json")
    assert (await get(api, "/apps/acme/v1.0.0"))["binaries"] == [first]


async def test_a_refused_binary_leaves_nothing_behind(api: httpx2.AsyncClient, settings: Settings) -> None:
    await an_uploaded_app(api)
    await api.put("/apps/acme/v1.0.0", content=SHOP_2_0_0)
    await api.put("/apps/acme/v3.0.0", content=b"not an app")

    assert [path.name for path in stored_files(settings)] == [sha256_of(SHOP_1_0_0)]


@pytest.mark.parametrize("content", [b"not an app", b"PK\x03\x04 torn", SHOP_1_0_0[:-200]])
async def test_bytes_that_are_no_app_are_refused(api: httpx2.AsyncClient, content: bytes) -> None:
    response = await api.put("/apps/acme/v1.0.0", content=content)

    assert (response.status_code, response.json()["code"]) == (422, "not_an_app")
    assert response.json()["error"].startswith("The upload is no app: ")
    assert (await api.get("/apps/acme/v1.0.0")).status_code == 404


async def test_an_upload_of_nothing_is_refused(api: httpx2.AsyncClient) -> None:
    response = await api.put("/apps/acme/v1.0.0")

    assert (response.status_code, response.json()["error"]) == (
        422,
        "The body is empty: send the bytes of the file, as `curl --upload-file FILE` does.",
    )


async def test_an_upload_that_announces_too_much_is_not_read(api: httpx2.AsyncClient) -> None:
    response = await api.put("/apps/acme/v1.0.0", content=b"x", headers={"Content-Length": str(4 * 1024**3 + 1)})

    assert response.status_code == 413


async def test_a_version_that_was_never_uploaded_is_not_found(api: httpx2.AsyncClient) -> None:
    response = await api.get("/apps/acme/v9.9.9")

    assert response.status_code == 404
    assert response.json()["error"] == snapshot("No app was uploaded as v9.9.9 of acme.")


async def test_the_same_bytes_come_back(api: httpx2.AsyncClient) -> None:
    sha256 = (await an_uploaded_app(api))["sha256"]
    response = await api.get(f"/apps/acme/v1.0.0/binaries/{sha256}")

    assert response.content == SHOP_1_0_0
    assert response.headers["etag"] == f'"{sha256}"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"].startswith("attachment")


async def test_another_orgs_binary_is_not_found(api: httpx2.AsyncClient) -> None:
    sha256 = (await an_uploaded_app(api))["sha256"]

    assert (await api.get(f"/apps/other/v1.0.0/binaries/{sha256}")).status_code == 404
    assert (await api.get(f"/apps/acme/v2.0.0/binaries/{sha256}")).status_code == 404


@pytest.mark.parametrize("sha256", ["0", "Z" * 64, "..%2F..%2Fqgjob.db"])
async def test_a_hash_that_is_none_is_refused(api: httpx2.AsyncClient, sha256: str) -> None:
    assert (await api.get(f"/apps/acme/v1.0.0/binaries/{sha256}")).status_code == 422
