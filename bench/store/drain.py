"""A measured program: fill a farm, untimed, then let clients claim and complete leases of ten until nothing waits.

The clients are tasks of this process and call the shipping verbs: policy, facts, estimates and ledger are in it.
"""

import argparse
import asyncio
import json
import sys
import time

from bench.broke import BenchBroke
from bench.farm import JOBS_A_LEASE, Farm, make_farm, open_store
from qgjob.core.words import WorkerId

GROUPS = 16
_LEAST_JOBS_A_LEASE = 0.8 * JOBS_A_LEASE
"""The last leases of a group hold what is left of it; far less than ten on average would be another benchmark."""


def main() -> None:
    """Fill, drain, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.store.drain", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--clients", type=int, required=True)
    options = parser.parse_args()
    store = open_store(options.url)
    farm = make_farm(store, groups=GROUPS, workers=options.clients)
    began = time.perf_counter()
    farm.add_jobs(options.jobs)
    filled_s = time.perf_counter() - began
    began, cpu = time.perf_counter(), time.process_time()
    leased = asyncio.run(drain(farm))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    store.close()
    if sum(leased) < _LEAST_JOBS_A_LEASE * len(leased):
        raise BenchBroke(f"Leases held {sum(leased) / len(leased):.1f} jobs where {JOBS_A_LEASE} were meant.")
    measured = {"jobs": sum(leased), "seconds": seconds, "leases": len(leased), "cpu_s": cpu_s, "filled_s": filled_s}
    sys.stdout.write(json.dumps(measured) + "\n")


async def drain(farm: Farm) -> list[int]:
    """Let every worker work until there is nothing for it; how many jobs each lease had."""
    return [
        jobs for leased in await asyncio.gather(*(_work(farm, worker) for worker in farm.workers)) for jobs in leased
    ]


async def _work(farm: Farm, worker: WorkerId) -> list[int]:
    leased: list[int] = []
    held = None
    while lease := await farm.claim(worker):
        await farm.complete(lease, install=lease.app_version_id != held)
        held = lease.app_version_id
        leased.append(len(lease.jobs))
    return leased


if __name__ == "__main__":
    main()
