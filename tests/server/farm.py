"""Builders: what a test needs to be so before it acts, done through the API itself."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx2

Json = dict[str, Any]

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "builds"
SHOP_1_0_0 = (SHOP / "shop-1.0.0.apk").read_bytes()
SHOP_2_0_0 = (SHOP / "shop-2.0.0.apk").read_bytes()
PROJECT_FILES = {
    "package.json": b'{"name": "shop"}',
    "tests/login.spec.js": b"test('login', () => {})",
    "tests/checkout.spec.js": b"test('checkout', () => {})",
}


def a_job(**fields: object) -> Json:
    return {"org_id": "acme", "app_version_id": "v1.0.0", "test_path": "tests/login.spec.js", **fields}


def an_agent(**fields: object) -> Json:
    """One agent with one Android emulator."""
    device = {
        "serial": "emulator-5554",
        "target": "emulator",
        "platform": "android",
        "os_version": "14",
        "model": "Virtual Android",
        "tags": [],
    }
    return {
        "agent_id": "agent-1",
        "name": "host-1",
        "protocol": 2,
        "version": "0.1.0",
        "has_project": False,
        "holding": [],
        "workers": [device],
        **fields,
    }


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # not the time of day: the same files, the same bytes
    return buffer.getvalue()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def post(api: httpx2.AsyncClient, path: str, body: object = None) -> Json:
    """POST and expect success."""
    response = await api.post(path, json=body) if body is not None else await api.post(path)
    assert response.is_success, response.text
    return dict(response.json())


async def get(api: httpx2.AsyncClient, path: str) -> Json:
    """GET and expect success."""
    response = await api.get(path)
    assert response.is_success, response.text
    return dict(response.json())


async def submitted(api: httpx2.AsyncClient, **fields: object) -> str:
    """Submit one job and return its id."""
    return str((await post(api, "/jobs", a_job(**fields)))["job_id"])


async def a_worker(api: httpx2.AsyncClient, *, targets: tuple[str, ...] = ("emulator",)) -> str:
    """Register a protocol-1 worker and return its id."""
    return str((await post(api, "/workers", {"name": "Emulator 1", "target_types": list(targets)}))["worker_id"])


async def an_uploaded_app(api: httpx2.AsyncClient, *, version: str = "v1.0.0", apk: bytes = SHOP_1_0_0) -> Json:
    response = await api.put(f"/apps/acme/{version}", content=apk)
    assert response.is_success, response.text
    return dict(response.json())


async def an_uploaded_bundle(api: httpx2.AsyncClient) -> str:
    """Upload a small project and return its hash."""
    content = zip_of(PROJECT_FILES)
    response = await api.put(f"/bundles/acme/{sha256_of(content)}", content=content)
    assert response.is_success, response.text
    return sha256_of(content)


async def a_registered_agent(api: httpx2.AsyncClient, **fields: object) -> str:
    """Register an agent with one emulator and return its worker's id."""
    return str((await post(api, "/agents", an_agent(**fields)))["workers"][0]["worker_id"])


async def a_lease(api: httpx2.AsyncClient, worker_id: str) -> Json:
    """Claim what there is for this worker, which must be something."""
    body = {"agent_id": "agent-1", "worker_ids": [worker_id], "wait_s": 0}
    leases = (await post(api, "/leases", body))["leases"]
    assert len(leases) == 1
    return dict(leases[0])
