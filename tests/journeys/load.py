"""Clients that submit jobs one after another until it is enough, and remember which were accepted."""

import asyncio
from collections.abc import Sequence
from itertools import count, cycle
from uuid import uuid4

import httpx2

from tests.server.farm import a_job, get

PATIENCE_S = 60


class Load:
    """Impatient clients try nothing twice; patient ones ask the next server, under the same key, until one answers."""

    def __init__(self, urls: Sequence[str], *, patient: bool) -> None:
        self.urls = urls
        self.accepted: list[str] = []
        self.refused: list[str] = []
        self._patient = patient
        self._enough = asyncio.Event()
        self._moved = asyncio.Condition()

    async def run(self, *, clients: int) -> None:
        await asyncio.gather(*(self._submit_until_enough(client) for client in range(clients)))

    def stop(self) -> None:
        self._enough.set()

    async def until_accepted(self, *, more: int) -> None:
        """Wait for so many jobs beyond those accepted by now."""
        enough = len(self.accepted) + more
        async with asyncio.timeout(PATIENCE_S), self._moved:
            await self._moved.wait_for(lambda: len(self.accepted) >= enough)

    async def _submit_until_enough(self, client: int) -> None:
        headers = {} if self._patient else {"Connection": "close"}
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False, headers=headers) as http:
            for number in count():
                if self._enough.is_set():
                    return
                await self._submit(http, a_job(test_path=f"tests/{client}-{number}.spec.js"))

    async def _submit(self, http: httpx2.AsyncClient, job: dict[str, object]) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        for url in cycle(self.urls):
            try:
                answer = await http.post(f"{url}/jobs", json=job, headers=key)
                refusal = answer.text
            except httpx2.TransportError as error:
                answer, refusal = None, repr(error)
            if answer is not None and answer.status_code == 201:
                self.accepted.append(answer.json()["job_id"])
                async with self._moved:
                    self._moved.notify_all()
                return
            self.refused.append(refusal)
            if not self._patient:
                return
            await asyncio.sleep(0.05)


async def stored_jobs(url: str) -> list[str]:
    """The ids of all jobs that a server has."""
    ids: list[str] = []
    cursor = ""
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE_S, trust_env=False) as http:
        while True:
            page = await get(http, f"/jobs?limit=500{cursor}")
            ids += [job["job_id"] for job in page["jobs"]]
            if page["next_cursor"] is None:
                return ids
            cursor = f"&cursor={page['next_cursor']}"
