"""The deployment line: it starts as it stands, and neither a reload nor a stop loses a request."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from local_postgres import LocalPostgres
from tests.databases import databases_of
from tests.journeys.gunicorns import a_gunicorn
from tests.journeys.load import PATIENCE_S, Load, stored_jobs
from tests.server.farm import PROJECT_FILES, a_job, sha256_of, zip_of

pytestmark = [pytest.mark.anyio, pytest.mark.journey]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """In turn either database, as what the environment says of it."""
    if request.param == "sqlite":
        yield {}
        return
    with databases_of(request.getfixturevalue("postgres"))() as url:
        yield {"QGJOB_DATABASE_URL": str(url)}


@pytest.mark.parametrize("workers", [1, 4])
def test_the_line_serves_as_it_stands_with_one_owner_of_its_sqlite(tmp_path: Path, workers: int) -> None:
    with a_gunicorn(tmp_path, "--workers", str(workers), bind="0.0.0.0:0") as server:
        answer = httpx2.post(f"{server.url}/jobs", json=a_job(), trust_env=False)

        assert answer.status_code == 201
        assert server.said("Booting worker") == 1
        assert server.said(f"{workers} workers were asked for and 1 is started") == (1 if workers > 1 else 0)
        assert server.said("only_this_machine_is_served") == 1


def test_all_workers_serve_a_postgresql_database(tmp_path: Path, postgres: LocalPostgres) -> None:
    with (
        databases_of(postgres)() as url,
        a_gunicorn(tmp_path, "--workers", "3", QGJOB_DATABASE_URL=str(url)) as server,
    ):
        answers = [httpx2.post(f"{server.url}/jobs", json=a_job(), trust_env=False) for _ in range(20)]

        assert {answer.status_code for answer in answers} == {201}
        assert server.said("Booting worker") == 3
        assert server.said("workers were asked for") == 0


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


async def test_a_reload_under_load_loses_no_job_and_refuses_nobody(tmp_path: Path, database: dict[str, str]) -> None:
    workers = 2 if database else 1
    with a_gunicorn(tmp_path, "--workers", "2", **database) as server:
        load = Load([server.url], patient=False)
        loading = asyncio.create_task(load.run(clients=8))
        for reload in (1, 2):
            await load.until_accepted(more=20)
            server.process.send_signal(signal.SIGHUP)
            await asyncio.to_thread(server.wait_until_said, "Worker exiting", times=reload * workers)
        await load.until_accepted(more=20)
        load.stop()
        await loading

        assert load.refused == []
        assert sorted(await stored_jobs(server.url)) == sorted(load.accepted)


async def test_a_stop_answers_what_is_held_and_finishes_what_is_under_way(
    tmp_path: Path, database: dict[str, str]
) -> None:
    content = zip_of(PROJECT_FILES)
    go_on = asyncio.Event()

    async def in_two_halves() -> AsyncIterator[bytes]:
        yield content[:10]
        await go_on.wait()
        yield content[10:]

    with a_gunicorn(tmp_path, **database) as server:
        async with httpx2.AsyncClient(base_url=server.url, timeout=PATIENCE_S, trust_env=False) as http:
            held = asyncio.create_task(http.get("/facts?wait_s=30"))
            under_way = asyncio.create_task(http.put(f"/bundles/acme/{sha256_of(content)}", content=in_two_halves()))
            await asyncio.wait({held, under_way}, timeout=0.5)
            server.process.terminate()

            assert (await asyncio.wait_for(held, 5)).json() == {"count": 0, "facts": [], "next_after": 0}
            assert not under_way.done()
            go_on.set()
            assert (await under_way).status_code == 201
        assert await asyncio.to_thread(server.process.wait, 20) == 0


async def test_a_killed_gunicorn_takes_its_worker_along_and_leaves_its_data_to_the_next(tmp_path: Path) -> None:
    with a_gunicorn(tmp_path) as first:
        first.process.kill()
        with a_gunicorn(tmp_path) as second:
            assert (await stored_jobs(second.url)) == []


async def test_a_rolling_restart_of_replicas_loses_no_job_and_doubles_none(
    tmp_path: Path, postgres: LocalPostgres
) -> None:
    with databases_of(postgres)() as url, ExitStack() as stack:
        environ = {"QGJOB_DATABASE_URL": str(url)}
        replicas = [stack.enter_context(a_gunicorn(tmp_path, name=f"old-{number}", **environ)) for number in range(2)]
        load = Load([replica.url for replica in replicas], patient=True)
        loading = asyncio.create_task(load.run(clients=6))
        for number, replica in enumerate(replicas):
            await load.until_accepted(more=20)
            replica.process.terminate()
            assert await asyncio.to_thread(replica.process.wait, 30) == 0
            bind = replica.url.removeprefix("http://")
            again = a_gunicorn(tmp_path, bind=bind, name=f"new-{number}", **environ)
            await asyncio.to_thread(stack.enter_context, again)
        await load.until_accepted(more=20)
        load.stop()
        await loading

        assert sorted(await stored_jobs(replicas[0].url)) == sorted(load.accepted)
