"""App versions and bundles: what was uploaded, and that a name never comes to mean other bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.app import AppBinary, AppVersion
from qgjob.core.words import AppVersionId, OrgId, Sha256
from qgjob.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """An uploaded project: the hash of its zip, and the paths inside it, sorted."""

    org_id: OrgId
    sha256: Sha256
    size_bytes: int
    files: tuple[str, ...]
    uploaded_at: datetime


def register_binary(
    tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, binary: AppBinary
) -> tuple[AppVersion, bool]:
    """Know a binary of an app version; the second value says whether it is new. The same bytes again change nothing.

    Jobs that waited for it become claimable by any agent. Raises Conflict when other bytes of this platform and kind
    have this name already.
    """
    raise NotImplementedError


def binaries(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId) -> tuple[AppVersion, ...]:
    """All binaries of an app version, oldest first. Raises NotFound when there is none."""
    raise NotImplementedError


def binary(tx: Transaction, *, org_id: OrgId, app_version_id: AppVersionId, sha256: Sha256) -> AppVersion:
    """One binary of an app version by its bytes. Raises NotFound."""
    raise NotImplementedError


def register_bundle(
    tx: Transaction, *, org_id: OrgId, sha256: Sha256, size_bytes: int, files: Sequence[str]
) -> tuple[Bundle, bool]:
    """Know an uploaded bundle; the second value says whether it is new."""
    raise NotImplementedError


def bundle(tx: Transaction, *, org_id: OrgId, sha256: Sha256) -> Bundle:
    """An org's bundle. Raises NotFound."""
    raise NotImplementedError
