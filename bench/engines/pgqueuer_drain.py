"""PgQueuer's drain: fill its queue, untimed, then complete every job; one JSON line says how long that took.

Its fastest settings on this machine: asyncpg (its own recommendation) with a pool, uvloop, large batches. Runs in the
environment of `locks/bench.txt`.
"""

import asyncio
import json
import logging
import sys
import time
from datetime import timedelta

import asyncpg
import uvloop
from pgqueuer import Queries, QueueManager
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.types import QueueExecutionMode

JOBS_A_CALL = 1000
ENTRYPOINT = "bench"


async def fill(url: str, *, jobs: int, payload: bytes) -> None:
    """Install PgQueuer's tables, durable as they come, and put jobs into them."""
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    for done in range(0, jobs, JOBS_A_CALL):
        size = min(JOBS_A_CALL, jobs - done)
        await queries.enqueue([ENTRYPOINT] * size, [payload] * size, [0] * size)
    await connection.execute("VACUUM (ANALYZE) pgqueuer")
    await connection.close()


async def drain(url: str, *, batch: int, managers: int, connections: int) -> float:
    """Complete all that waits; the seconds that it took until the last completion was in the database."""

    async def work(_job: object) -> None:
        pass

    async def run(pool: asyncpg.Pool) -> None:
        manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
        manager.entrypoint(ENTRYPOINT)(work)
        await manager.run(batch_size=batch, mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(seconds=0.1))

    pools = [await asyncpg.create_pool(url, min_size=connections, max_size=connections) for _ in range(managers)]
    began = time.perf_counter()
    await asyncio.gather(*(run(pool) for pool in pools))
    seconds = time.perf_counter() - began
    for pool in pools:
        await pool.close()
    return seconds


async def left_over(url: str) -> int:
    """Count what was not completed."""
    connection = await asyncpg.connect(url)
    left: int = await connection.fetchval("SELECT count(*) FROM pgqueuer")
    await connection.close()
    return left


async def main(url: str, jobs: int, *, batch: int, managers: int, connections: int, payload: str) -> None:
    """Fill, drain, count, and print."""
    logging.disable(logging.CRITICAL)
    await fill(url, jobs=jobs, payload=payload.encode())
    seconds = await drain(url, batch=batch, managers=managers, connections=connections)
    sys.stdout.write(json.dumps({"jobs": jobs - await left_over(url), "seconds": seconds}) + "\n")


if __name__ == "__main__":
    jobs, batch, managers, connections = (int(text) for text in sys.argv[2:6])
    uvloop.run(main(sys.argv[1], jobs, batch=batch, managers=managers, connections=connections, payload=sys.argv[6]))
