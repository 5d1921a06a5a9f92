"""Between a command and its server: changes answers, loses them, holds requests back, and counts bytes on the wire."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, urlsplit

Change = Callable[[dict[str, object]], None]


@dataclass(kw_only=True)
class Proxy:
    """What happens to the calls of one user. Routes are a method and the beginning of a path, as `GET /runs/`."""

    url: str = ""
    changes: dict[str, Change] = field(default_factory=dict)
    """Made to the JSON of an answer on its way back."""
    lost: set[str] = field(default_factory=set)
    """The server gets the call, and its answer is lost."""
    unsent: set[str] = field(default_factory=set)
    """The call is lost on its way."""
    held: dict[str, threading.Event] = field(default_factory=dict)
    """The answer to the first such call waits for the event."""
    seen: list[str] = field(default_factory=list)
    """Method and path of each call, in order."""
    sent_bytes: dict[str, int] = field(default_factory=dict)
    """By method and path: how much the user sent as bodies."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, call: str, body: bytes) -> None:
        with self._lock:
            self.seen.append(call)
            self.sent_bytes[call] = self.sent_bytes.get(call, 0) + len(body)

    def hold(self, call: str) -> threading.Event | None:
        with self._lock:
            route = next((route for route in self.held if call.startswith(route)), None)
            return None if route is None else self.held.pop(route)

    def changed(self, call: str, answer: bytes) -> bytes:
        change = next((change for route, change in self.changes.items() if call.startswith(route)), None)
        if change is None:
            return answer
        document = json.loads(answer)
        change(document)
        return json.dumps(document).encode()

    def calls(self, route: str) -> int:
        with self._lock:
            return sum(call.startswith(route) for call in self.seen)


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    upstream: SplitResult

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # http.server's own names

    def _pass_on(self) -> None:
        call = f"{self.command} {urlsplit(self.path).path}"
        body = self._body()
        self.proxy.note(call, body)
        if _found(self.proxy.unsent, call):
            self.close_connection = True
            return
        status, headers, answer = self._asked(body)
        if (held := self.proxy.hold(call)) is not None:
            held.wait(60)
        if _found(self.proxy.lost, call):
            self.close_connection = True
            return
        self._answer(status, headers, self.proxy.changed(call, answer) if status < 300 else answer)

    def _answer(self, status: int, headers: list[tuple[str, str]], answer: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            raise NotImplementedError("no qgjob command sends chunks")
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(str(self.upstream.hostname), self.upstream.port, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            connection.request(self.command, self.path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        """Stay out of the streams that a test reads."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError, http.client.HTTPException):
            self.close_connection = True  # either side went away, as some tests have it


@contextmanager
def a_proxy(upstream: str) -> Iterator[Proxy]:
    """Stand in front of this server while the block lasts."""
    proxy = Proxy()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy, "upstream": urlsplit(upstream)})
    )
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _found(routes: set[str], call: str) -> bool:
    return any(call.startswith(route) for route in routes)
