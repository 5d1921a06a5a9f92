"""The package manager's state: which APKs are installed, since when, and the data that each app stored.

Rules and error names are those of Android's own `pm`; signatures are not checked.
"""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from virtual_android.apk import ApkError, Manifest, read_manifest
from virtual_android.storage import NoSpaceError, Storage

AppData = dict[str, str | int]

DEFAULT_REPLACES_SINCE_SDK = 28
"""Older versions want -r for an update; newer ones replace unless -R is given."""


class InstallRefusedError(Exception):
    """The install failed; `code` is Android's name for why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class InstallOptions:
    """The switches of `pm install`."""

    replaces: bool
    allows_downgrade: bool
    allows_test_only: bool
    grants_permissions: bool


@dataclass(frozen=True, kw_only=True)
class InstalledPackage:
    """One installed package; `apk_path` is new with every installation, as on a real device."""

    manifest: Manifest
    apk_path: str
    apk_sha256: str
    apk_bytes: int
    first_installed_at: datetime
    last_updated_at: datetime
    granted: frozenset[str] = field(default_factory=frozenset)


def parse_package(apk: bytes) -> Manifest:
    """Read the manifest as the package manager does; raises InstallRefusedError for what is no APK."""
    try:
        return read_manifest(apk)
    except ApkError as error:
        raise InstallRefusedError("INSTALL_PARSE_FAILED_NOT_APK", str(error)) from error


def check_install(
    manifest: Manifest, *, installed: InstalledPackage | None, options: InstallOptions, device_sdk: int
) -> None:
    """Raise InstallRefusedError where Android would refuse this package."""
    if manifest.min_sdk > device_sdk:
        detail = f"Requires newer sdk version #{manifest.min_sdk} (current version is #{device_sdk})"
        raise InstallRefusedError("INSTALL_FAILED_OLDER_SDK", detail)
    if manifest.is_test_only and not options.allows_test_only:
        raise InstallRefusedError("INSTALL_FAILED_TEST_ONLY", f"Failed to install test-only apk {manifest.package}")
    if installed is None:
        return
    if not options.replaces:
        detail = f"Attempt to re-install {manifest.package} without first uninstalling."
        raise InstallRefusedError("INSTALL_FAILED_ALREADY_EXISTS", detail)
    current = installed.manifest.version_code
    if manifest.version_code < current and not options.allows_downgrade:
        detail = f"Downgrade detected: Update version code {manifest.version_code} is older than current {current}"
        raise InstallRefusedError("INSTALL_FAILED_VERSION_DOWNGRADE", detail)


class Packages:
    """Installed packages by name."""

    def __init__(self, storage: Storage, *, device_sdk: int) -> None:
        self._storage = storage
        self._device_sdk = device_sdk
        self._installed: dict[str, InstalledPackage] = {}
        self._data: dict[str, AppData] = {}

    def find(self, package: str) -> InstalledPackage | None:
        """Give the installed package of that name."""
        return self._installed.get(package)

    def all(self) -> list[InstalledPackage]:
        """Give every installed package, by name."""
        return [self._installed[name] for name in sorted(self._installed)]

    def data_of(self, package: str) -> AppData:
        """Give what the app stored, to be read and changed."""
        return self._data.setdefault(package, {})

    def install(self, manifest: Manifest, apk: bytes, options: InstallOptions) -> InstalledPackage:
        """Install or update; raises InstallRefusedError and then changes nothing."""
        installed = self._installed.get(manifest.package)
        check_install(manifest, installed=installed, options=options, device_sdk=self._device_sdk)
        apk_path = _new_apk_path(manifest.package)
        try:
            self._storage.write(apk_path, apk)
        except NoSpaceError as error:
            detail = "Failed to override installation location"
            raise InstallRefusedError("INSTALL_FAILED_INSUFFICIENT_STORAGE", detail) from error
        if installed:
            self._storage.remove(installed.apk_path)
        now = datetime.now(UTC)
        kept_grants = installed.granted if installed else frozenset[str]()
        package = InstalledPackage(
            manifest=manifest,
            apk_path=apk_path,
            apk_sha256=hashlib.sha256(apk).hexdigest(),
            apk_bytes=len(apk),
            first_installed_at=installed.first_installed_at if installed else now,
            last_updated_at=now,
            granted=frozenset(manifest.permissions) if options.grants_permissions else kept_grants,
        )
        self._installed[manifest.package] = package
        return package

    def uninstall(self, package: str, *, keeps_data: bool = False) -> bool:
        """Remove the package; False when it is not there."""
        removed = self._installed.pop(package, None)
        if removed is None:
            return False
        self._storage.remove(removed.apk_path)
        if not keeps_data:
            self._data.pop(package, None)
        return True

    def clear(self, package: str) -> bool:
        """Forget what the app stored and what it was granted; False when it is not there."""
        installed = self._installed.get(package)
        if installed is None:
            return False
        self._data.pop(package, None)
        self._installed[package] = replace(installed, granted=frozenset())
        return True

    def set_granted(self, package: str, permission: str, *, granted: bool) -> bool:
        """Grant or revoke one permission; False when the package is not there."""
        installed = self._installed.get(package)
        if installed is None:
            return False
        permissions = installed.granted | {permission} if granted else installed.granted - {permission}
        self._installed[package] = replace(installed, granted=permissions)
        return True


def _new_apk_path(package: str) -> str:
    """Name the folder as Android 11 and later do: two random parts, new at every installation."""
    return f"/data/app/~~{secrets.token_urlsafe(16)}==/{package}-{secrets.token_urlsafe(16)}==/base.apk"
