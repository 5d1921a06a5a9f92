"""Uploads of bundles: known by their hash, looked into before anything is kept."""

import io
import stat
import zipfile

import httpx2
import pytest

from qgjob.server.settings import Settings
from tests.server.farm import PROJECT_FILES, a_job, an_uploaded_bundle, get, sha256_of, submitted, zip_of

pytestmark = pytest.mark.anyio


async def upload(api: httpx2.AsyncClient, content: bytes) -> httpx2.Response:
    return await api.put(f"/bundles/acme/{sha256_of(content)}", content=content)


def zip_with_link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("package.json", "{}")
        link = zipfile.ZipInfo("tests/secret")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile warns of what this test wants
def zip_with_twins() -> bytes:
    return zip_of({"package.json": b"{}", "tests/a.js": b"1", "tests/A.js": b"2"}).replace(b"tests/A.js", b"tests/a.js")


async def test_a_bundle_is_known_by_its_hash_and_its_files_are_counted(api: httpx2.AsyncClient) -> None:
    content = zip_of(PROJECT_FILES)
    response = await upload(api, content)
    shown = {"org_id": "acme", "sha256": sha256_of(content), "size_bytes": len(content), "files": 3}

    assert (response.status_code, response.json()) == (201, shown)
    assert await get(api, f"/bundles/acme/{sha256_of(content)}/files") == shown


async def test_the_same_bundle_again_changes_nothing(api: httpx2.AsyncClient) -> None:
    content = zip_of(PROJECT_FILES)

    assert [(await upload(api, content)).status_code for _ in range(2)] == [201, 200]


async def test_the_same_bytes_come_back(api: httpx2.AsyncClient) -> None:
    sha256 = await an_uploaded_bundle(api)
    response = await api.get(f"/bundles/acme/{sha256}")

    assert response.content == zip_of(PROJECT_FILES)
    assert response.headers["etag"] == f'"{sha256}"'


async def test_an_unknown_bundle_is_not_found(api: httpx2.AsyncClient) -> None:
    await an_uploaded_bundle(api)
    known = sha256_of(zip_of(PROJECT_FILES))

    assert (await api.get(f"/bundles/acme/{'0' * 64}/files")).status_code == 404
    assert (await api.get(f"/bundles/other/{known}")).status_code == 404


async def test_bytes_with_another_hash_are_refused(api: httpx2.AsyncClient) -> None:
    response = await api.put(f"/bundles/acme/{'0' * 64}", content=zip_of(PROJECT_FILES))

    assert response.status_code == 422
    assert "0" * 64 in response.json()["error"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"no zip", "zip", id="no zip"),
        pytest.param(zip_of({}), "empty", id="empty"),
        pytest.param(zip_of({"package.json": b"{}", "../evil.js": b""}), "../evil.js", id="above the folder"),
        pytest.param(zip_of({"package.json": b"{}", "/etc/evil.js": b""}), "/etc/evil.js", id="absolute"),
        pytest.param(zip_of({"package.json": b"{}", "tests\\evil.js": b""}), "evil.js", id="backslash"),
        pytest.param(zip_of({"tests/a.spec.js": b""}), "package.json", id="no package.json"),
        pytest.param(zip_with_link(), "tests/secret", id="symbolic link"),
        pytest.param(zip_with_twins(), "tests/a.js", id="the same name twice"),
    ],
)
async def test_a_zip_that_is_no_project_is_refused_and_leaves_nothing(
    api: httpx2.AsyncClient, settings: Settings, content: bytes, says: str
) -> None:
    response = await upload(api, content)

    assert response.status_code == 422
    assert says in response.json()["error"]
    assert [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()] == []
    assert (await api.get(f"/bundles/acme/{sha256_of(content)}/files")).status_code == 404


async def test_a_bundle_that_announces_too_much_is_not_read(api: httpx2.AsyncClient) -> None:
    headers = {"Content-Length": str(256 * 1024**2 + 1)}
    response = await api.put(f"/bundles/acme/{'0' * 64}", content=b"x", headers=headers)

    assert response.status_code == 413


async def test_a_test_path_that_is_not_in_its_bundle_is_refused(api: httpx2.AsyncClient) -> None:
    sha256 = await an_uploaded_bundle(api)
    response = await api.post("/jobs", json=a_job(bundle=sha256, test_path="tests/absent.spec.js"))

    assert response.status_code == 422
    assert "'tests/absent.spec.js' is no file of the bundle" in response.json()["error"]
    assert (await get(api, "/jobs"))["count"] == 0


@pytest.mark.parametrize("path", ["/etc/passwd", "../tests/login.spec.js", "tests/../../login.spec.js", "tests"])
async def test_a_test_path_outside_its_bundle_is_refused(api: httpx2.AsyncClient, path: str) -> None:
    sha256 = await an_uploaded_bundle(api)
    response = await api.post("/jobs", json=a_job(bundle=sha256, test_path=path))

    assert (response.status_code, response.json()["problems"][0]["field"]) == (422, "test_path")


async def test_a_test_path_in_its_bundle_may_be_spelt_with_a_dot(api: httpx2.AsyncClient) -> None:
    job_id = await submitted(api, bundle=await an_uploaded_bundle(api), test_path="./tests/login.spec.js")

    assert (await get(api, f"/jobs/{job_id}"))["payload"]["test_path"] == "tests/login.spec.js"
