"""One place where requests leave and errors come back. It knows HTTP and nothing of jobs."""

import json
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import uuid4

from qgjob.client.address import Query, query_of
from qgjob.client.problem import error_of
from qgjob.client.retry import wait_before_retry
from qgjob.core.errors import ConfigurationError, QgjobError, Unreachable

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")
Content = bytes | Iterable[bytes] | None

_LOOPBACK = ("http://localhost", "http://127.", "http://[::1]")
_CHUNK_BYTES = 256 * 1024
_CONNECT_S = 5.0
_JUDGING_S = 60.0
"""After the last byte of an upload the server reads it whole and makes it durable before it answers."""
_MOST_ANSWER_BYTES = 64 * 1024 * 1024
"""Of a JSON answer; files are streamed and have no such bound."""


class Transport:
    """Sends requests to one server and returns what it answered, or raises one of `qgjob.core.errors`."""

    def __init__(self, base_url: str, *, timeout_s: float, token: str | None) -> None:
        import httpx2  # noqa: PLC0415  # a tenth of a second that `--help` need not pay

        self.base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._timeout = httpx2.Timeout
        self._transport_error = (httpx2.TransportError, httpx2.DecodingError)
        try:
            self._http = httpx2.Client(
                base_url=self.base_url,
                timeout=self._timeout_of(wait_s=0.0),
                headers={"Authorization": f"Bearer {token}"} if token else {},
                verify=_certificates(self.base_url),
                trust_env=not self.base_url.startswith(_LOOPBACK),
            )
            scheme = self._http.base_url.scheme
        except httpx2.InvalidURL as error:
            raise _bad_address(base_url) from error
        if scheme not in {"http", "https"}:
            raise _bad_address(base_url)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def ask(
        self,
        shape: type[T],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        repeatable: bool,
        wait_s: float = 0.0,
        key: str | None = None,
    ) -> T:
        """Send `body` as JSON and return the JSON object that came back, which has every key of the typed dict `shape`.

        `repeatable`: the call may be sent twice with the effect of once by its nature. A POST that may not gets a key
        by which the server knows it again. So both are repeated when the server is away or an answer is lost.
        `key`: the caller's own key in its place, with which it can send the very same call again later.
        `wait_s`: how long the server may hold the call open before it begins to answer.
        """
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        if method == "POST" and not repeatable:
            headers["Idempotency-Key"] = key or str(uuid4())
            repeatable = True
        sent = self._bytes(
            method, path, lambda: content, headers=headers, query=query, repeatable=repeatable, wait_s=wait_s
        )
        return _shaped(shape, sent, url=self.base_url + path)

    def send_file(self, shape: type[T], path: str, file: Path, *, query: Query | None = None) -> T:
        """PUT the bytes of `file`, streamed. Repeatable: what is stored is known by its hash."""
        headers = {"Content-Type": "application/octet-stream"}
        answer = self._bytes(
            "PUT", path, lambda: _Chunks(file), headers=headers, query=query, repeatable=True, wait_s=_JUDGING_S
        )
        return _shaped(shape, answer, url=self.base_url + path)

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[bytes]]:
        """Open the bytes at `path`, chunk by chunk, while the block lasts. Not repeated here."""
        with self._errors(path), self._http.stream("GET", path) as answer:
            self._refuse_errors(answer, path)
            yield answer.iter_bytes(_CHUNK_BYTES)

    def _bytes(
        self,
        method: str,
        path: str,
        content: Callable[[], Content],
        *,
        headers: Mapping[str, str],
        query: Query | None,
        repeatable: bool,
        wait_s: float,
    ) -> bytes:
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(method, path, content(), headers=headers, query=query, wait_s=wait_s)
            except QgjobError as error:
                pause_s = wait_before_retry(error, tries=tries) if repeatable else None
                if pause_s is None:
                    raise
            time.sleep(pause_s)

    def _once(
        self,
        method: str,
        path: str,
        content: Content,
        *,
        headers: Mapping[str, str],
        query: Query | None,
        wait_s: float,
    ) -> bytes:
        if isinstance(content, _Chunks):
            headers = {**headers, "Content-Length": str(content.size_bytes)}
        with (
            self._errors(path),
            self._http.stream(
                method,
                path,
                params=query_of(query or {}),
                content=content,
                headers=headers,
                timeout=self._timeout_of(wait_s=wait_s),
            ) as answer,
        ):
            self._refuse_errors(answer, path)
            return _bounded(answer.iter_bytes(_CHUNK_BYTES), url=self.base_url + path)

    def _timeout_of(self, *, wait_s: float) -> "httpx2.Timeout":
        return self._timeout(self._timeout_s + wait_s, connect=min(self._timeout_s, _CONNECT_S))

    def _refuse_errors(self, answer: "httpx2.Response", path: str) -> None:
        if not answer.is_success:
            body = _bounded(answer.iter_bytes(_CHUNK_BYTES), url=self.base_url + path)
            retry_after = answer.headers.get("Retry-After")
            raise error_of(answer.status_code, body, url=self.base_url + path, retry_after=retry_after)

    @contextmanager
    def _errors(self, path: str) -> Iterator[None]:
        try:
            yield
        except self._transport_error as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(
                f"No qgjob server answered at {self.base_url} ({path}): {reason}. "
                "Is it running there (`qgjob server`), and is the address right (`--server-url`, QGJOB_SERVER_URL)?"
            ) from error


class _Chunks:
    """A file as an upload's body; every try reads it from its beginning."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.size_bytes = file.stat().st_size

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                yield chunk


def _certificates(base_url: str) -> ssl.SSLContext | bool:
    # Reading the certificate authorities takes 0.15 s; a context without any trusts nobody and costs nothing.
    return True if base_url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _bounded(chunks: Iterator[bytes], *, url: str) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > _MOST_ANSWER_BYTES:
            raise Unreachable(f"The answer of {url} is larger than {_MOST_ANSWER_BYTES} bytes: no qgjob server's.")
    return bytes(body)


def _shaped(shape: type[T], answer: bytes, *, url: str) -> T:
    try:
        parsed: object = json.loads(answer)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Unreachable(f"What answered at {url} is no qgjob server: its answer is no JSON object.")
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    if missing := sorted(required - parsed.keys()):
        raise Unreachable(f"What answered at {url} is no qgjob server, or an older one: it left out {missing}.")
    return cast("T", parsed)


def _bad_address(base_url: str) -> ConfigurationError:
    return ConfigurationError(f"{base_url!r} is no address of a server. Give one like http://localhost:5000.")
