"""Draws what the device shows as a real PNG: one box per view, coloured by what it is; no text."""

import struct
import zlib

from virtual_android.uiautomator2.screen import HEIGHT, STATUS_BAR_HEIGHT, WIDTH, Snapshot, View

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BACKGROUND, _BAR, _LABEL, _FIELD, _BUTTON, _DISABLED = range(6)
_PALETTE = bytes.fromhex("f4f4f6 3c4450 c9d3e0 ffffff 2f6fdb a0a0a0".replace(" ", ""))
_INDEXED_8_BIT = (8, 3, 0, 0, 0)


def draw(snapshot: Snapshot) -> bytes:
    """Give the screenshot in the device's own size, so that points in it are points to tap."""
    bar = bytes([0]) + bytes([_BAR]) * WIDTH
    rows = [bar if y < STATUS_BAR_HEIGHT else bytes([0]) + bytes([_BACKGROUND]) * WIDTH for y in range(HEIGHT)]
    for view in snapshot.views[1:]:
        bounds = view.bounds
        left, right = bytes([_BACKGROUND]) * bounds.left, bytes([_BACKGROUND]) * (WIDTH - bounds.right)
        row = bytes([0]) + left + bytes([_colour(view)]) * (bounds.right - bounds.left) + right
        rows[bounds.top : bounds.bottom] = [row] * (bounds.bottom - bounds.top)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, *_INDEXED_8_BIT))
        + _chunk(b"PLTE", _PALETTE)
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), level=1))
        + _chunk(b"IEND", b"")
    )


def _colour(view: View) -> int:
    if view.element is None or not view.element.is_enabled:
        return _DISABLED
    if view.element.is_editable:
        return _FIELD
    return _BUTTON if view.element.is_clickable else _LABEL


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
