"""iOS apps: reads Info.plist of an IPA or of a zipped .app. Looks at nothing else, the signature included."""

import plistlib
import zipfile

from qgjob.binary.archive import member
from qgjob.binary.facts import BinaryFacts, bundle_id, version
from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform

LARGEST_PLIST = 1024 * 1024
_KINDS = {"iPhoneOS": BinaryKind.DEVICE, "iPhoneSimulator": BinaryKind.SIMULATOR}


def info_plist(archive: zipfile.ZipFile) -> str | None:
    """Return the name of the one Info.plist of `Payload/X.app/` or `X.app/`; None when there is none."""
    for name in archive.namelist():
        folders = name.removeprefix("Payload/").split("/")
        if len(folders) == 2 and folders[0].endswith(".app") and folders[1] == "Info.plist":  # noqa: PLR2004 (X.app/Info.plist)
            return name
    return None


def read_ipa(archive: zipfile.ZipFile, plist_name: str) -> BinaryFacts:
    """Return what `plist_name` states; BinaryError says what is wrong with it."""
    info = _parsed(member(archive, plist_name, limit=LARGEST_PLIST), plist_name)
    build = _text(info, "CFBundleVersion")
    return BinaryFacts(
        platform=Platform.IOS,
        kind=_kind(info.get("CFBundleSupportedPlatforms"), plist_name),
        package=bundle_id(_text(info, "CFBundleIdentifier")),
        version_name=version(_text(info, "CFBundleShortVersionString") or build),
        version_code=version(build),
    )


def _parsed(data: bytes, name: str) -> dict[str, object]:
    try:
        parsed: object = plistlib.loads(data)
    except Exception as error:  # plistlib answers hostile bytes with whatever its parsers raise
        raise BinaryError(f"{name} is no property list ({type(error).__name__}: {error}).") from error
    if not isinstance(parsed, dict):
        raise BinaryError(f"{name} is no dictionary.")
    return parsed


def _text(info: dict[str, object], key: str) -> str:
    value = info.get(key, "")
    return value if isinstance(value, str) else ""


def _kind(platforms: object, name: str) -> BinaryKind:
    for platform, kind in _KINDS.items():
        if isinstance(platforms, list) and platform in platforms:
            return kind
    raise BinaryError(
        f"{name} has {str(platforms)[:80]} as CFBundleSupportedPlatforms; only {' and '.join(_KINDS)} are apps for iOS."
    )
