"""Builders of app binaries, whole and hostile, out of the example's real APKs."""

import io
import plistlib
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

BUILDS = Path(__file__).parents[2] / "examples" / "shop" / "builds"
SHOP_2 = BUILDS / "shop-2.0.0.apk"
REFERENCED = Path(__file__).parent / "referenced.apk"
"""Made by aapt: its version name is a reference into resources.arsc, and it has three launcher activities, one of
them disabled."""

INFO = {
    "CFBundleIdentifier": "com.example.Shop",
    "CFBundleShortVersionString": "1.2.3",
    "CFBundleVersion": "456",
    "CFBundleSupportedPlatforms": ["iPhoneOS"],
}


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_ipa(path: Path, info: Mapping[str, object], *, folder: str = "Payload/Shop.app") -> Path:
    return write_zip(path, {f"{folder}/Info.plist": plistlib.dumps(dict(info), fmt=plistlib.FMT_BINARY)})


def shop_manifest() -> bytes:
    with zipfile.ZipFile(SHOP_2) as archive:
        return archive.read("AndroidManifest.xml")


def shop_manifest_with(old: str, new: str) -> bytes:
    """Put another text of the same length into the manifest's string pool."""
    assert len(old) == len(new)
    for encoding in ("utf-8", "utf-16-le"):
        if old.encode(encoding) in shop_manifest():
            return shop_manifest().replace(old.encode(encoding), new.encode(encoding))
    raise AssertionError(f"{old} is not in the manifest")


def bomb_manifest() -> bytes:
    """3 MB that become 20 GB: a string of half a million characters, named by forty thousand attributes."""
    strings = ["manifest", "x", "B" * 500_000]
    pool = io.BytesIO()
    offsets = []
    for text in strings:
        offsets.append(pool.tell())
        size = len(text)
        pool.write(struct.pack("<HH", 0x8000 | size >> 16, size & 0xFFFF) if size > 0x7FFF else struct.pack("<H", size))
        pool.write(text.encode("utf-16-le") + b"\0\0")
    pool.write(b"\0" * (-pool.tell() % 4))
    index = struct.pack(f"<{len(offsets)}I", *offsets)
    body = pool.getvalue()
    string_pool = struct.pack("<IIIII", len(strings), 0, 0, 28 + len(index), 0) + index + body
    none = 0xFFFFFFFF
    element = struct.pack("<7I", 1, none, none, 0, 0x00140014, 1, 0)
    attribute = struct.pack("<IIIHBBI", none, 1, 2, 8, 0, 3, 2)
    chunks = _chunk(0x0001, 28, string_pool) + _chunk(0x0102, 16, element + attribute) * 40_000
    return _chunk(0x0003, 8, chunks)


def _chunk(kind: int, header: int, rest: bytes) -> bytes:
    return struct.pack("<HHI", kind, header, 8 + len(rest)) + rest
