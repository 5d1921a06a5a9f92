"""GitHub's REST API, as far as a comment and a check need it. It sends one request at a time and repeats nothing."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from qgjob import __version__
from qgjob.core.errors import InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from typing import Self

    import httpx2

API_VERSION = "2022-11-28"
PAGE = 100
_MOST_PAGES = 50
"""GitHub allows 2,500 comments on a pull request."""
_TIMEOUT_S = 30.0
_SECONDARY_PAUSE_S = 60.0
"""What GitHub asks for where it limits somebody and does not say for how long."""
_LOOPBACK = ("http://localhost", "http://127.", "http://[::1]")
_MOST_SHOWN = 300
_FORBIDDEN, _GONE, _LIMITED, _SERVER = 403, 404, 429, 500


class GithubRefused(InfrastructureError):
    """GitHub answered that it will not; the same request will not fare better."""

    code = "github_refused"

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status

    @property
    def is_permission(self) -> bool:
        """Whether the token may not do it."""
        return self.status in {401, _FORBIDDEN, _GONE}


class GithubBusy(InfrastructureError):
    """GitHub did not answer, or asks for patience; `pause_s`: for how long, where it says so."""

    code = "github_busy"

    def __init__(self, message: str, *, pause_s: float | None = None) -> None:
        super().__init__(message)
        self.pause_s = pause_s


class GithubApi:
    """One connection to GitHub as the bearer of a token."""

    def __init__(self, url: str, *, token: str) -> None:
        import httpx2  # noqa: PLC0415  # a tenth of a second that `--help` need not pay

        self._url = url
        self._errors = (httpx2.TransportError, httpx2.InvalidURL)
        self._http = httpx2.Client(
            timeout=_TIMEOUT_S,
            trust_env=not url.startswith(_LOOPBACK),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "User-Agent": f"qgjob/{__version__}",
                "X-GitHub-Api-Version": API_VERSION,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def ask(
        self, method: str, path: str, *, query: Mapping[str, str | int] | None = None, body: object = None
    ) -> object:
        """Send one request; return the JSON that came back. `path` may be a whole address."""
        url = path if "://" in path else self._url + path
        try:
            answer = self._http.request(method, url, params=query, json=body)
        except self._errors as error:
            raise GithubBusy(f"{method} {url}: {str(error) or type(error).__name__}") from error
        if not answer.is_success:
            raise _refusal(answer, f"{method} {url}", now=time.time())
        try:
            parsed: object = answer.json()
        except ValueError as error:
            raise GithubBusy(f"{method} {url}: the answer is no JSON") from error
        return parsed

    def pages(self, path: str) -> Iterator[Mapping[str, object]]:
        """Give every item of a list, page by page."""
        for page in range(1, _MOST_PAGES + 1):
            items = self.ask("GET", path, query={"per_page": PAGE, "page": page})
            listed = items if isinstance(items, list) else []
            yield from (item for item in listed if isinstance(item, dict))
            if len(listed) < PAGE:
                return


def _refusal(answer: httpx2.Response, asked: str, *, now: float) -> GithubRefused | GithubBusy:
    said = f"{asked}: {answer.status_code}, {_message(answer)}"
    if answer.status_code >= _SERVER:
        return GithubBusy(said, pause_s=_seconds(answer.headers.get("Retry-After")))
    if answer.status_code in {_FORBIDDEN, _LIMITED} and (pause_s := _limited_for(answer, now=now)) is not None:
        return GithubBusy(said, pause_s=pause_s)
    return GithubRefused(said, status=answer.status_code)


def _limited_for(answer: httpx2.Response, *, now: float) -> float | None:
    """Seconds that a rate limit asks for; None: it is none."""
    if (after := _seconds(answer.headers.get("Retry-After"))) is not None:
        return after
    reset = _seconds(answer.headers.get("X-RateLimit-Reset"))
    if answer.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
        return max(reset - now, 0.0) + 1
    if answer.status_code == _LIMITED or "rate limit" in answer.text.lower():
        return _SECONDARY_PAUSE_S
    return None


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None


def _message(answer: httpx2.Response) -> str:
    try:
        said = json.loads(answer.content)
    except ValueError:
        return answer.text[:_MOST_SHOWN] or "no text"
    return str(said.get("message") if isinstance(said, dict) else said)[:_MOST_SHOWN]
