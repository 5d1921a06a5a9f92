"""Tells what sort of app an archive holds and has it read. Works in the caller's own process: see `limits` first."""

import zipfile
from pathlib import Path

from qgjob.binary.apk import MANIFEST, read_apk
from qgjob.binary.archive import opened
from qgjob.binary.facts import BinaryFacts
from qgjob.binary.ipa import info_plist, read_ipa
from qgjob.core.errors import BinaryError


def read_contents(path: Path) -> BinaryFacts:
    """Return what the APK, IPA or zipped .app at `path` states; BinaryError when it is none of them or broken."""
    if not path.is_file():
        raise BinaryError(f"{path} is not a file.")
    with opened(path) as archive:
        if MANIFEST in archive.namelist():
            return read_apk(archive)
        plist = info_plist(archive)
        if plist is not None:
            return read_ipa(archive, plist)
        raise BinaryError(_unknown(archive, path))


def _unknown(archive: zipfile.ZipFile, path: Path) -> str:
    if f"base/manifest/{MANIFEST}" in archive.namelist():
        return (
            f"{path.name} is an Android App Bundle, which no device installs: "
            "build an APK of it with `bundletool build-apks --mode=universal`."
        )
    return f"{path.name} holds neither an {MANIFEST} (APK) nor an X.app/Info.plist (IPA, or a zipped .app)."
