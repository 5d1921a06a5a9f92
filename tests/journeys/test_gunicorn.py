"""The deployment line: it starts as it stands, and neither a reload nor a stop loses a request."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.journeys.gunicorns import a_gunicorn
from tests.server.farm import PROJECT_FILES, a_job, get, sha256_of, zip_of

pytestmark = [pytest.mark.anyio, pytest.mark.journey]

PATIENCE_S = 60


class Load:
    """Clients that submit jobs one after another, each over a new connection; nothing is tried twice."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.accepted: list[str] = []
        self.refused: list[str] = []
        self._enough = asyncio.Event()
        self._moved = asyncio.Condition()

    async def run(self, *, clients: int) -> None:
        await asyncio.gather(*(self._submit_until_enough(number) for number in range(clients)))

    def stop(self) -> None:
        self._enough.set()

    async def until_accepted(self, *, more: int) -> None:
        """Wait for so many jobs beyond those accepted by now."""
        enough = len(self.accepted) + more
        async with asyncio.timeout(PATIENCE_S), self._moved:
            await self._moved.wait_for(lambda: len(self.accepted) >= enough)

    async def _submit_until_enough(self, client: int) -> None:
        number = 0
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False, headers={"Connection": "close"}) as http:
            while not self._enough.is_set():
                number += 1
                try:
                    answer = await http.post(f"{self.url}/jobs", json=a_job(test_path=f"tests/{client}-{number}.js"))
                except httpx2.TransportError as error:
                    self.refused.append(repr(error))
                    continue
                if answer.status_code == 201:
                    self.accepted.append(answer.json()["job_id"])
                    async with self._moved:
                        self._moved.notify_all()
                else:
                    self.refused.append(answer.text)


async def stored_jobs(url: str) -> list[str]:
    ids: list[str] = []
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE_S, trust_env=False) as http:
        cursor = ""
        while True:
            page = await get(http, f"/jobs?limit=500{cursor}")
            ids += [job["job_id"] for job in page["jobs"]]
            if page["next_cursor"] is None:
                return ids
            cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("workers", [1, 4])
def test_the_line_serves_as_it_stands_with_one_owner_of_its_sqlite(tmp_path: Path, workers: int) -> None:
    with a_gunicorn(tmp_path, "--workers", str(workers), bind="0.0.0.0:0") as server:
        answer = httpx2.post(f"{server.url}/jobs", json=a_job(), trust_env=False)

        assert answer.status_code == 201
        assert server.said("Booting worker") == 1
        assert server.said(f"{workers} workers were asked for and 1 is started") == (1 if workers > 1 else 0)
        assert server.said("only_this_machine_is_served") == 1


def test_the_opt_out_is_logged_at_every_start(tmp_path: Path) -> None:
    with a_gunicorn(tmp_path, QGJOB_ACCESS="none") as server:
        assert server.said("access_control_is_off") == 1
        assert server.said("only_this_machine_is_served") == 0


def test_a_setting_that_is_none_ends_the_start_with_its_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="'oracle://farm' is unknown"),
        a_gunicorn(tmp_path, QGJOB_DATABASE_URL="oracle://farm"),
    ):
        pass


def test_a_signal_for_one_more_worker_changes_nothing_on_sqlite(tmp_path: Path) -> None:
    with a_gunicorn(tmp_path) as server:
        server.process.send_signal(signal.SIGTTIN)
        server.wait_until_said("2 workers were asked for and 1 is started")

        assert httpx2.get(f"{server.url}/health", trust_env=False).is_success
        assert server.said("Booting worker") == 1


async def test_a_reload_under_load_loses_no_job_and_refuses_nobody(tmp_path: Path) -> None:
    with a_gunicorn(tmp_path, "--workers", "2") as server:
        load = Load(server.url)
        loading = asyncio.create_task(load.run(clients=8))
        for reload in (1, 2):
            await load.until_accepted(more=20)
            server.process.send_signal(signal.SIGHUP)
            await asyncio.to_thread(server.wait_until_said, "Worker exiting", times=reload)
        await load.until_accepted(more=20)
        load.stop()
        await loading

        assert load.refused == []
        assert sorted(await stored_jobs(server.url)) == sorted(load.accepted)


async def test_a_stop_answers_what_is_held_and_finishes_what_is_under_way(tmp_path: Path) -> None:
    content = zip_of(PROJECT_FILES)
    go_on = asyncio.Event()

    async def in_two_halves() -> AsyncIterator[bytes]:
        yield content[:10]
        await go_on.wait()
        yield content[10:]

    with a_gunicorn(tmp_path) as server:
        async with httpx2.AsyncClient(base_url=server.url, timeout=PATIENCE_S, trust_env=False) as http:
            held = asyncio.create_task(http.get("/facts?wait_s=30"))
            under_way = asyncio.create_task(http.put(f"/bundles/acme/{sha256_of(content)}", content=in_two_halves()))
            await asyncio.wait({held, under_way}, timeout=0.5)
            server.process.terminate()

            assert (await asyncio.wait_for(held, 5)).json() == {"count": 0, "facts": []}
            assert not under_way.done()
            go_on.set()
            assert (await under_way).status_code == 201
        assert await asyncio.to_thread(server.process.wait, 20) == 0


async def test_a_killed_gunicorn_takes_its_worker_along_and_leaves_its_data_to_the_next(tmp_path: Path) -> None:
    with a_gunicorn(tmp_path) as first:
        first.process.kill()
        with a_gunicorn(tmp_path) as second:
            assert (await stored_jobs(second.url)) == []
