"""Messages of adb's wire protocol as bytes and back; opens no socket and knows no stream.

Source: the protocol description in AOSP, packages/modules/adb/protocol.txt.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 0x01000001
"""From this version on neither side needs checksums."""

MAX_PAYLOAD_BYTES = 256 * 1024
"""The most that one message may carry in either direction; announced in CNXN."""

HEADER_BYTES = 24
_HEADER = struct.Struct("<6I")


class ProtocolError(Exception):
    """The peer sent what no adb sends; the connection cannot go on."""


class Command(IntEnum):
    """What a message is for: four ASCII letters, little-endian."""

    CNXN = int.from_bytes(b"CNXN", "little")
    OPEN = int.from_bytes(b"OPEN", "little")
    OKAY = int.from_bytes(b"OKAY", "little")
    CLSE = int.from_bytes(b"CLSE", "little")
    WRTE = int.from_bytes(b"WRTE", "little")
    AUTH = int.from_bytes(b"AUTH", "little")
    SYNC = int.from_bytes(b"SYNC", "little")
    STLS = int.from_bytes(b"STLS", "little")


@dataclass(frozen=True, kw_only=True)
class Header:
    """The first 24 bytes of a message; `first` and `second` are the arguments that the command gives a meaning."""

    command: Command
    first: int
    second: int
    payload_bytes: int


@dataclass(frozen=True, kw_only=True)
class Message:
    """One whole message; for WRTE, OKAY and CLSE `first` is the sender's stream id and `second` the receiver's."""

    command: Command
    first: int
    second: int
    payload: bytes = b""


def encode(message: Message) -> bytes:
    """Give the bytes of `message`; only CNXN carries a checksum, being sent before the versions are agreed."""
    checksum = sum(message.payload) & 0xFFFFFFFF if message.command is Command.CNXN else 0
    magic = message.command ^ 0xFFFFFFFF
    header = _HEADER.pack(message.command, message.first, message.second, len(message.payload), checksum, magic)
    return header + message.payload


def decode_header(header: bytes) -> Header:
    """Read the 24 bytes of a header; raises ProtocolError for anything that adb would not send."""
    command, first, second, payload_bytes, _checksum, magic = _HEADER.unpack(header)
    if magic != command ^ 0xFFFFFFFF:
        raise ProtocolError(f"header with a wrong magic number: {header.hex()}")
    if payload_bytes > MAX_PAYLOAD_BYTES:
        raise ProtocolError(f"payload of {payload_bytes} bytes announced; at most {MAX_PAYLOAD_BYTES} were agreed")
    try:
        return Header(command=Command(command), first=first, second=second, payload_bytes=payload_bytes)
    except ValueError:
        raise ProtocolError(f"unknown command {command:#010x}") from None
