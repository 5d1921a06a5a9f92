"""adb's file transfer (push, pull, stat, list) as the `sync:` service speaks it, version 1.

Source: AOSP, packages/modules/adb/SYNC.TXT.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.storage import MAX_PATH, NoSpaceError

DATA_BYTES = 64 * 1024
FILE_MODE, FOLDER_MODE = 0o100644, 0o40755
_HEAD = struct.Struct("<4sI")

Write = Callable[[bytes], Awaitable[None]]


async def serve_sync(device: Device, reader: asyncio.StreamReader, write: Write) -> None:
    """Answer requests until QUIT, the end of the stream, or one that is not understood."""
    while True:
        request, length = await _read_head(reader)
        if request == b"QUIT":
            return
        if length > MAX_PATH:
            await _fail(write, f"path of {length} bytes; at most {MAX_PATH} are taken")
            return
        path = (await reader.readexactly(length)).decode("utf-8", "replace")
        match request:
            case b"STAT":
                await write(b"STAT" + struct.pack("<III", *_stat(device, path)))
            case b"SEND":
                await _receive(device, path.rpartition(",")[0], reader, write)
            case b"RECV":
                await _send(device, path, write)
            case b"LIST":
                await _list(device, path, write)
            case _:
                device.events.record(EventKind.SERVICE_REFUSED, name=f"sync:{request!r}")
                await _fail(write, "unknown request")
                return


async def _read_head(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    request, length = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    return bytes(request), int(length)


def _stat(device: Device, path: str) -> tuple[int, int, int]:
    if file := device.storage.read(path):
        return FILE_MODE, len(file.content), int(file.modified_at.timestamp())
    if device.storage.is_folder(path):
        return FOLDER_MODE, 4096, int(device.booted_at.timestamp())
    return 0, 0, 0


async def _receive(device: Device, path: str, reader: asyncio.StreamReader, write: Write) -> None:
    """Take a pushed file; a push that is refused is read to its end, because the host sends it without asking."""
    content = bytearray()
    room = device.storage.free_bytes()
    size = 0
    while True:
        kind, length = await _read_head(reader)
        if kind == b"DONE":
            break
        if kind != b"DATA" or length > DATA_BYTES:
            await _fail(write, f"{kind!r} of {length} bytes inside a file")
            return
        part = await reader.readexactly(length)
        size += len(part)
        if size <= room:
            content += part
    if size > room or not _stored(device, path, bytes(content)):
        await _fail(write, "write failed: No space left on device")
        return
    device.events.record(EventKind.FILE_PUSHED, path=path, size=size)
    await write(_HEAD.pack(b"OKAY", 0))


def _stored(device: Device, path: str, content: bytes) -> bool:
    try:
        device.storage.write(path, content)
    except NoSpaceError:
        return False
    return True


async def _send(device: Device, path: str, write: Write) -> None:
    file = device.storage.read(path)
    if file is None:
        await _fail(write, "open failed: No such file or directory")
        return
    device.events.record(EventKind.FILE_PULLED, path=path, size=len(file.content))
    for start in range(0, len(file.content), DATA_BYTES):
        part = file.content[start : start + DATA_BYTES]
        await write(_HEAD.pack(b"DATA", len(part)) + part)
    await write(_HEAD.pack(b"DONE", 0))


async def _list(device: Device, folder: str, write: Write) -> None:
    prefix = folder.rstrip("/") + "/"
    names = sorted({path.removeprefix(prefix).split("/")[0] for path in device.storage.below(folder)})
    for name in names:
        mode, size, modified = _stat(device, prefix + name)
        encoded = name.encode()
        await write(b"DENT" + struct.pack("<IIII", mode, size, modified, len(encoded)) + encoded)
    await write(b"DONE" + bytes(16))


async def _fail(write: Write, reason: str) -> None:
    await write(_HEAD.pack(b"FAIL", len(reason)) + reason.encode())
