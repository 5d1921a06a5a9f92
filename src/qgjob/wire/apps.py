"""App versions, bundles, workers, facts and problems on the wire."""

from typing import Annotated, NotRequired

from annotated_types import MaxLen, MinLen
from typing_extensions import TypedDict

from qgjob.core.words import Target
from qgjob.wire.bounds import Name


class BinaryShown(TypedDict):
    """One binary of an app version, as its own bytes describe it. Answer to `PUT /apps/{org}/{app_version_id}`."""

    org_id: str
    app_version_id: str
    sha256: str
    size_bytes: int
    platform: str
    kind: str
    package: str
    version_name: str
    version_code: str
    launch_activity: str | None
    uploaded_at: str


class AppVersionShown(TypedDict):
    """`GET /apps/{org}/{app_version_id}`."""

    org_id: str
    app_version_id: str
    binaries: list[BinaryShown]


class BundleShown(TypedDict):
    """Answer to `PUT /bundles/{org}/{sha256}` and `GET /bundles/{org}/{sha256}/files`."""

    org_id: str
    sha256: str
    size_bytes: int
    files: int


class WorkerBody(TypedDict):
    """`POST /workers`: how a protocol-1 worker registers."""

    name: Name
    target_types: Annotated[list[Target], MinLen(1), MaxLen(10)]
    metadata: NotRequired[dict[str, object]]


class WorkerRegistered(TypedDict):
    """Answer to `POST /workers`."""

    worker_id: str
    message: str


class InstalledShown(TypedDict):
    """What a worker holds."""

    org_id: str
    app_version_id: str
    sha256: str | None
    proof: str
    installed_at: str


class WorkerShown(TypedDict):
    """One worker as every answer shows it."""

    worker_id: str
    name: str
    target_types: list[str]
    status: str
    current_jobs: list[str]
    last_heartbeat: str
    metadata: dict[str, object]
    agent_id: str | None
    platform: str | None
    model: str
    os_version: str
    serial: str
    tags: list[str]
    installed: InstalledShown | None
    draining: bool
    faults_in_a_row: int
    quarantined_until: str | None
    quarantine_reason: str | None


class WorkerPage(TypedDict):
    """`GET /workers`."""

    count: int
    workers: list[WorkerShown]
    next_cursor: str | None


class FactShown(TypedDict):
    """Something that happened. `fact_id` only grows."""

    fact_id: int
    at: str
    kind: str
    org_id: str | None
    run_id: str | None
    job_id: str | None
    worker_id: str | None
    data: dict[str, object]


class FactPage(TypedDict):
    """`GET /facts?after=&wait_s=`: oldest first; ask again with `after` = `next_after`."""

    count: int
    facts: list[FactShown]
    next_after: int


class HealthShown(TypedDict):
    """`GET /health`."""

    status: str
    timestamp: str
    version: str


class ProblemDetail(TypedDict):
    """One field at fault."""

    field: str
    message: str
    item: int | None


class Problem(TypedDict):
    """Every error body (RFC 9457), with protocol 1's `error` sentence beside its members."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    error: str
    problems: NotRequired[list[ProblemDetail]]
    instance: NotRequired[str]
    """Of an error on our side: the name that it was logged under."""
