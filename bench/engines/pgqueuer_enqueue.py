"""PgQueuer's direct bulk enqueue: several tasks, each with a connection of its own, call `enqueue` with lists of jobs.

One JSON line says how long that took. Runs in the environment of `locks/bench.txt`.
"""

import asyncio
import json
import sys
import time

import asyncpg
import uvloop
from pgqueuer import Queries
from pgqueuer.db import AsyncpgDriver

ENTRYPOINT = "bench"


async def enqueue(connection: asyncpg.Connection, *, calls: int, batch: int, payload: bytes) -> None:
    """Enqueue so many times so many jobs, one call after the other."""
    queries = Queries(AsyncpgDriver(connection))
    for _ in range(calls):
        await queries.enqueue([ENTRYPOINT] * batch, [payload] * batch, [0] * batch)


async def main(url: str, jobs: int, *, batch: int, clients: int, payload: str) -> None:
    """Enqueue, count, and print."""
    connections = [await asyncpg.connect(url) for _ in range(clients)]
    await Queries(AsyncpgDriver(connections[0])).install()
    calls = max(1, jobs // batch // clients)
    began = time.perf_counter()
    tasks = (enqueue(connection, calls=calls, batch=batch, payload=payload.encode()) for connection in connections)
    await asyncio.gather(*tasks)
    seconds = time.perf_counter() - began
    stored = await connections[0].fetchval("SELECT count(*) FROM pgqueuer")
    sys.stdout.write(json.dumps({"jobs": stored, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    jobs, batch, clients = (int(text) for text in sys.argv[2:5])
    uvloop.run(main(sys.argv[1], jobs, batch=batch, clients=clients, payload=sys.argv[5]))
