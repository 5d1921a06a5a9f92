"""App versions and bundles: what was uploaded, and that a name never comes to mean other bytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.app import AppBinary, AppVersion
from qgjob.core.errors import Conflict, NotFound
from qgjob.core.facts import Fact, FactKind
from qgjob.core.group import needs_now
from qgjob.core.words import AppVersionId, OrgId, Sha256
from qgjob.service.needs.matching import know_requirements
from qgjob.store import WORK, Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import app_version_of, requirement_of


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An uploaded project: the hash of its zip, and the paths inside it, sorted."""

    org_id: OrgId
    sha256: Sha256
    size_bytes: int
    files: tuple[str, ...]
    uploaded_at: datetime


def admit_binary(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, binary: AppBinary) -> None:
    """Check, before its bytes are kept, that a binary may have this name. Raises Conflict as registering it would."""
    row = tx.row(
        "binary_of_kind", org_id=org_id, app_version_id=app_version_id, platform=binary.platform, kind=binary.kind
    )
    if row is not None:
        _refuse_other_bytes(app_version_of(row), binary)


def register_binary(
    tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, binary: AppBinary
) -> tuple[AppVersion, bool]:
    """Know a binary of an app version; the second value says whether it is new. The same bytes again change nothing.

    Jobs that waited for it become claimable by any agent. Raises Conflict when other bytes of this platform and kind
    have this name already.
    """
    created = tx.execute(
        "insert_binary",
        org_id=org_id,
        app_version_id=app_version_id,
        platform=binary.platform,
        kind=binary.kind,
        sha256=binary.sha256,
        size_bytes=binary.size_bytes,
        package=binary.package,
        version_name=binary.version_name,
        version_code=binary.version_code,
        launch_activity=binary.launch_activity,
        now=tx.now,
    )
    known = app_version_of(
        tx.only(
            "binary_of_kind",
            org_id=org_id,
            app_version_id=app_version_id,
            platform=binary.platform,
            kind=binary.kind,
        )
    )
    _refuse_other_bytes(known, binary)
    if created:
        _sharpen_needs(tx, known)
        _tell(tx, known)
    return known, created > 0


def binaries(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId) -> tuple[AppVersion, ...]:
    """List the binaries of an app version, oldest first. Raises NotFound when there is none."""
    rows = tx.rows("binaries_of_app", org_id=org_id, app_version_id=app_version_id)
    if not rows:
        raise NotFound(f"No app was uploaded as {app_version_id} of {org_id}.")
    return tuple(app_version_of(row) for row in rows)


def binary(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, sha256: Sha256) -> AppVersion:
    """Find one binary of an app version by its bytes. Raises NotFound."""
    for known in binaries(tx, org_id=org_id, app_version_id=app_version_id):
        if known.binary.sha256 == sha256:
            return known
    raise NotFound(f"{app_version_id} of {org_id} has no binary with the sha256 {sha256}.")


def register_bundle(
    tx: Transaction, *, org_id: OrgId, sha256: Sha256, size_bytes: int, files: Sequence[str]
) -> tuple[Bundle, bool]:
    """Know an uploaded bundle; the second value says whether it is new."""
    created = tx.execute(
        "insert_bundle",
        org_id=org_id,
        sha256=sha256,
        size_bytes=size_bytes,
        files=json.dumps(sorted(files)),
        now=tx.now,
    )
    if created:
        data = {"sha256": sha256, "files": len(files)}
        tx.record(Fact(kind=FactKind.BUNDLE_UPLOADED, org_id=org_id, data=data))
    return bundle(tx, org_id=org_id, sha256=sha256), created > 0


def bundle(tx: Transaction, *, org_id: OrgId, sha256: Sha256) -> Bundle:
    """Find an org's bundle. Raises NotFound."""
    row = tx.row("bundle_by_hash", org_id=org_id, sha256=sha256)
    if row is None:
        raise NotFound(f"{org_id} has uploaded no bundle with the sha256 {sha256}.")
    return _bundle_of(row)


def _refuse_other_bytes(known: AppVersion, binary: AppBinary) -> None:
    if known.binary.sha256 != binary.sha256:
        raise Conflict(
            f"{known.app_version_id} of {known.org_id} is known for {binary.platform} as other bytes (sha256 "
            f"{known.binary.sha256[:12]}…, these are {binary.sha256[:12]}…): give a new build an id of its own."
        )


def _bundle_of(row: Row) -> Bundle:
    return Bundle(
        org_id=row["org_id"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        files=tuple(json.loads(row["files"])),
        uploaded_at=from_micros(row["uploaded_at"]),
    )


def _sharpen_needs(tx: Transaction, app: AppVersion) -> None:
    """Bring what the version's groups need of a device up to what has been uploaded by now."""
    known = [each.binary for each in binaries(tx, org_id=app.org_id, app_version_id=app.app_version_id)]
    groups = tx.rows("groups_of_app", org_id=app.org_id, app_version_id=app.app_version_id)
    needs = {row["group_id"]: needs_now(requirement_of(row), known) for row in groups}
    know_requirements(tx, needs.values())
    for group_id, requirement in needs.items():
        tx.book("set_needs", group_id, group_id=group_id, needs=requirement.key)
    tx.touch(WORK)


def _tell(tx: Transaction, app: AppVersion) -> None:
    data = {
        "app_version_id": app.app_version_id,
        "platform": app.binary.platform,
        "kind": app.binary.kind,
        "sha256": app.binary.sha256,
    }
    tx.record(Fact(kind=FactKind.APP_UPLOADED, org_id=app.org_id, data=data))
