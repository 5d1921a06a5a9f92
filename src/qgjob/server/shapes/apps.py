"""App versions and bundles, as shown."""

from qgjob.core.app import AppVersion
from qgjob.server.shapes.times import shown
from qgjob.service.apps import Bundle
from qgjob.wire.apps import BinaryShown, BundleShown


def binary_shown(version: AppVersion) -> BinaryShown:
    """Show one binary of an app version."""
    binary = version.binary
    return BinaryShown(
        org_id=version.org_id,
        app_version_id=version.app_version_id,
        sha256=binary.sha256,
        size_bytes=binary.size_bytes,
        platform=binary.platform,
        kind=binary.kind,
        package=binary.package,
        version_name=binary.version_name,
        version_code=binary.version_code,
        launch_activity=binary.launch_activity,
        uploaded_at=shown(version.uploaded_at),
    )


def bundle_shown(bundle: Bundle) -> BundleShown:
    """Show a bundle; its files are counted, not listed."""
    return BundleShown(
        org_id=bundle.org_id, sha256=bundle.sha256, size_bytes=bundle.size_bytes, files=len(bundle.files)
    )
