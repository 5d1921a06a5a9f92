"""How a user asks a farm that breaks: again and again with the same key, until there is an answer that stands."""

import asyncio
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from chaos.diary import Diary

_TIMEOUT_S = 2.0
_UPLOAD_S = 60.0
_PAUSES_S = (0.02, 0.4)
_ASKS_AGAIN = 0.1
_LONGEST_RETRY_AFTER_S = 0.5
_FAILED = 500
_AWAY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What stood in the end."""

    status: int
    body: Mapping[str, object]

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status < 300  # noqa: PLR2004  # HTTP's own border


class Asking:
    """One user's connection."""

    def __init__(self, client: httpx2.AsyncClient, diary: Diary, dice: random.Random) -> None:
        self._client = client
        self._diary = diary
        self._dice = dice

    async def get(self, path: str, **query: str | int) -> Answer:
        """Ask a question."""
        return await self._until_it_stands("GET", path, query=query)

    async def put(self, path: str, content: bytes) -> Answer:
        """Upload bytes; they are read in a process of its own, which takes its time on a loaded machine."""
        return await self._until_it_stands("PUT", path, content=content, timeout_s=_UPLOAD_S)

    async def post(self, path: str, body: object = None) -> Answer:
        """Have something done once, and write down what was answered.

        Some users ask for it once more although they were answered: they must get the same answer.
        """
        key = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        answer = await self._until_it_stands("POST", path, body=body, key=key)
        self._diary.write({"key": key, "path": path, "asked": body, "status": answer.status, "answer": answer.body})
        if answer.ok and self._dice.random() < _ASKS_AGAIN:
            again = await self._until_it_stands("POST", path, body=body, key=key)
            if again != answer:
                self._diary.complain(f"promise 1: POST {path} with key {key} was answered {answer}, then {again}")
        return answer

    async def report(self, method: str, path: str, body: object = None) -> Answer:
        """Say something that may be said twice."""
        return await self._until_it_stands(method, path, body=body)

    async def _until_it_stands(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: object = None,
        content: bytes | None = None,
        key: str | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> Answer:
        headers = {} if key is None else {"Idempotency-Key": key}
        while True:
            try:
                response = await self._client.request(
                    method, path, params=query, json=body, content=content, headers=headers, timeout=timeout_s
                )
            except httpx2.TransportError:
                await self._pause()
                continue
            if response.status_code in _AWAY:
                await self._pause(at_least_s=_retry_after_s(response))
            elif response.status_code >= _FAILED:
                self._diary.complain(f"us: {method} {path} was answered with {response.status_code}: {response.text}")
                await self._pause()
            else:
                return Answer(status=response.status_code, body=response.json())

    async def _pause(self, *, at_least_s: float = 0.0) -> None:
        await asyncio.sleep(max(at_least_s, self._dice.uniform(*_PAUSES_S)))


def _retry_after_s(response: httpx2.Response) -> float:
    """What the server asks for, shortened as every wait is."""
    try:
        return min(float(response.headers.get("Retry-After", 0)), _LONGEST_RETRY_AFTER_S)
    except ValueError:
        return 0.0
