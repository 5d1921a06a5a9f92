import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_android.adb.protocol import (
    HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    Command,
    Message,
    ProtocolError,
    decode_header,
    encode,
)

words = st.integers(min_value=0, max_value=2**32 - 1)


@settings(deadline=None)
@given(command=st.sampled_from(Command), first=words, second=words, payload=st.binary(max_size=2_000))
def test_a_message_survives_the_line(command: Command, first: int, second: int, payload: bytes) -> None:
    line = encode(Message(command=command, first=first, second=second, payload=payload))

    header = decode_header(line[:HEADER_BYTES])

    assert (header.command, header.first, header.second) == (command, first, second)
    assert line[HEADER_BYTES:] == payload
    assert header.payload_bytes == len(payload)


@settings(deadline=None)
@given(header=st.binary(min_size=HEADER_BYTES, max_size=HEADER_BYTES))
def test_random_bytes_are_never_taken_for_a_header_that_announces_too_much(header: bytes) -> None:
    try:
        decoded = decode_header(header)
    except ProtocolError:
        return
    assert decoded.payload_bytes <= MAX_PAYLOAD_BYTES


def test_okay_has_the_bytes_that_the_protocol_description_gives_it() -> None:
    assert encode(Message(command=Command.OKAY, first=1, second=7)) == (
        b"OKAY" + b"\x01\0\0\0" + b"\x07\0\0\0" + bytes(4) + bytes(4) + b"\xb0\xb4\xbe\xa6"
    )


def test_a_connection_message_carries_a_checksum() -> None:
    line = encode(Message(command=Command.CNXN, first=0, second=0, payload=b"\x01\x02\xff"))

    assert line[16:20] == (0x102).to_bytes(4, "little")


def test_a_payload_beyond_the_agreed_size_is_refused() -> None:
    line = encode(Message(command=Command.WRTE, first=1, second=1, payload=bytes(MAX_PAYLOAD_BYTES + 1)))

    with pytest.raises(ProtocolError, match="payload of 262145 bytes announced"):
        decode_header(line[:HEADER_BYTES])
