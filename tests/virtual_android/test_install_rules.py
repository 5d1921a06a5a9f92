"""What Android refuses, as a rule over values."""

from datetime import UTC, datetime

import pytest

from virtual_android.apk import Manifest
from virtual_android.packages import InstalledPackage, InstallOptions, InstallRefusedError, check_install

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def manifest(*, version_code: int = 1, min_sdk: int = 21, is_test_only: bool = False) -> Manifest:
    return Manifest(
        package="com.example.app",
        version_code=version_code,
        version_name=str(version_code),
        min_sdk=min_sdk,
        target_sdk=33,
        is_test_only=is_test_only,
        permissions=(),
        activities=(),
        launcher=None,
        test_runners=(),
    )


def installed(version_code: int) -> InstalledPackage:
    return InstalledPackage(
        manifest=manifest(version_code=version_code),
        apk_path="/data/app/x/base.apk",
        apk_sha256="0" * 64,
        apk_bytes=1,
        first_installed_at=NOW,
        last_updated_at=NOW,
    )


def options(*, replaces: bool = True, downgrade: bool = False, test_only: bool = False) -> InstallOptions:
    return InstallOptions(
        replaces=replaces, allows_downgrade=downgrade, allows_test_only=test_only, grants_permissions=False
    )


@pytest.mark.parametrize(
    ("new", "old", "chosen", "code"),
    [
        (manifest(min_sdk=34), None, options(), "INSTALL_FAILED_OLDER_SDK"),
        (manifest(is_test_only=True), None, options(), "INSTALL_FAILED_TEST_ONLY"),
        (manifest(version_code=2), installed(1), options(replaces=False), "INSTALL_FAILED_ALREADY_EXISTS"),
        (manifest(version_code=1), installed(2), options(), "INSTALL_FAILED_VERSION_DOWNGRADE"),
    ],
)
def test_what_android_refuses_has_androids_name(
    new: Manifest, old: InstalledPackage | None, chosen: InstallOptions, code: str
) -> None:
    with pytest.raises(InstallRefusedError) as refused:
        check_install(new, installed=old, options=chosen, device_sdk=33)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("new", "old", "chosen"),
    [
        (manifest(), None, options(replaces=False)),
        (manifest(version_code=1), installed(1), options()),
        (manifest(version_code=2), installed(1), options()),
        (manifest(version_code=1), installed(2), options(downgrade=True)),
        (manifest(is_test_only=True), None, options(test_only=True)),
    ],
)
def test_what_android_takes_passes(new: Manifest, old: InstalledPackage | None, chosen: InstallOptions) -> None:
    check_install(new, installed=old, options=chosen, device_sdk=33)
