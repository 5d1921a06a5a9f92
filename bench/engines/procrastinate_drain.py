"""procrastinate's drain: fill its queue, untimed, then complete every job; one JSON line says how long that took.

It fetches and finishes jobs one at a time; finished jobs are deleted at once, which is its fastest way. Runs in the
environment of `locks/bench.txt`.
"""

import json
import logging
import sys
import time

import psycopg
import uvloop
from procrastinate import App, PsycopgConnector

JOBS_A_CALL = 1000


async def main(url: str, jobs: int, clients: int, payload: str) -> None:
    """Fill, drain, count, and print."""
    logging.disable(logging.CRITICAL)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=clients, max_size=clients))

    async def work(**_arguments: object) -> None:
        pass

    task = app.task(name="bench")(work)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        arguments = json.loads(payload)
        for done in range(0, jobs, JOBS_A_CALL):
            await task.batch_defer_async(*([arguments] * min(JOBS_A_CALL, jobs - done)))
        await vacuum(url)
        began = time.perf_counter()
        await app.run_worker_async(
            concurrency=clients, wait=False, delete_jobs="always", listen_notify=False, install_signal_handlers=False
        )
        seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"jobs": jobs - await left_over(url), "seconds": seconds}) + "\n")


async def vacuum(url: str) -> None:
    """Let the planner know what was filled in."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("VACUUM (ANALYZE) procrastinate_jobs")


async def left_over(url: str) -> int:
    """Count what was not completed."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        row = await (await connection.execute("SELECT count(*) FROM procrastinate_jobs")).fetchone()
    return 0 if row is None else int(row[0])


if __name__ == "__main__":
    jobs, clients = (int(text) for text in sys.argv[2:4])
    uvloop.run(main(sys.argv[1], jobs, clients, payload=sys.argv[4]))
