"""Finds a port of loopback that nobody listens on now. It cannot promise that nobody takes it before its user does."""

import secrets
import socket

_FIRST, _LAST = 20_000, 30_000
"""Below what Linux and macOS give to outgoing connections, so none of those can take it first."""
_TRIES = 100


def free_port() -> int:
    """Return a port that could be bound a moment ago. Raises OSError when a hundred of them could not."""
    for _ in range(_TRIES):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"None of {_TRIES} ports between {_FIRST} and {_LAST} on loopback is free.")
