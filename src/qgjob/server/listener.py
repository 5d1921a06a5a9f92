"""Where the server listens: the socket, its URL, and a file in the data folder that says it."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qgjob.core.errors import ConfigurationError
from qgjob.server.settings import Settings


@contextmanager
def listening_socket(settings: Settings) -> Iterator[socket.socket]:
    """Listen at the address of the settings while the block lasts. Raises ConfigurationError when it cannot be had."""
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Said to be TCP, or asyncio does not turn off Nagle's algorithm and every answer waits 40 ms for its second packet.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, settings.port))
            listener.listen()
        except OSError as error:
            raise ConfigurationError(
                f"Cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. "
                "If a server runs there already, give this one another --port (0: a free one)."
            ) from error
        yield listener


@contextmanager
def address_file(file: Path, url: str) -> Iterator[None]:
    """Leave the URL and the process id in `file`, as JSON, while the block lasts.

    Of several servers that share a folder the last that started is named.
    """
    ours = json.dumps({"url": url, "pid": os.getpid()}) + "\n"
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(ours, encoding="utf-8")
    part.replace(file)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            if file.read_text(encoding="utf-8") == ours:
                file.unlink()


def url_of(host: str, port: int) -> str:
    """Spell the address as a URL; an IPv6 one is in brackets."""
    name = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{name}:{port}"
