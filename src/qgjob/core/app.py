"""App versions and the binaries they stand for. A binary is known by the hash of its bytes, never by its name."""

from dataclasses import dataclass
from datetime import datetime

from qgjob.core.words import AppVersionId, BinaryKind, OrgId, Platform, Sha256


@dataclass(frozen=True, kw_only=True)
class AppBinary:
    """What an APK or IPA says of itself. `version_code` is Android's versionCode or iOS's CFBundleVersion as text.

    `launch_activity` is the full class name of Android's launcher activity; None on iOS or where the app has none.
    """

    sha256: Sha256
    size_bytes: int
    platform: Platform
    kind: BinaryKind
    package: str
    version_name: str
    version_code: str
    launch_activity: str | None = None


@dataclass(frozen=True, kw_only=True)
class AppVersion:
    """One binary of an org's app version: at most one per platform and kind."""

    org_id: OrgId
    app_version_id: AppVersionId
    binary: AppBinary
    uploaded_at: datetime
