"""PgQueuer's direct bulk enqueue: several tasks, each with a connection of its own, call `enqueue` with lists of jobs.

One JSON line says how long that took. Runs in the environment of `locks/bench.txt`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

import asyncpg
import uvloop
from pgqueuer import Queries
from pgqueuer.db import AsyncpgDriver

ENTRYPOINT = "bench"


async def enqueue(connection: asyncpg.Connection, sizes: Iterator[int], *, payload: bytes) -> None:
    """Enqueue so many jobs a call, one call after the other; all connections draw from the same `sizes`."""
    queries = Queries(AsyncpgDriver(connection))
    for size in sizes:
        await queries.enqueue([ENTRYPOINT] * size, [payload] * size, [0] * size)


async def main(url: str, jobs: int, *, batch: int, clients: int, payload: str) -> None:
    """Enqueue, count, and print."""
    connections = [await asyncpg.connect(url) for _ in range(clients)]
    await Queries(AsyncpgDriver(connections[0])).install()
    sizes = (min(batch, jobs - done) for done in range(0, jobs, batch))
    began = time.perf_counter()
    tasks = (enqueue(connection, sizes, payload=payload.encode()) for connection in connections)
    await asyncio.gather(*tasks)
    seconds = time.perf_counter() - began
    stored = await connections[0].fetchval("SELECT count(*) FROM pgqueuer")
    sys.stdout.write(json.dumps({"jobs": stored, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    jobs, batch, clients = (int(text) for text in sys.argv[2:5])
    uvloop.run(main(sys.argv[1], jobs, batch=batch, clients=clients, payload=sys.argv[5]))
