"""A measured program: what a claim costs while so many jobs wait in so many groups. `make` fills, `measure` measures.

A claim is timed from the call until its commit is answered. For each lease as many jobs are submitted again to the
same group, so what waits stays as it was.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from functools import partial

from bench.broke import BenchBroke
from bench.farm import Farm, answered, find_farm, make_farm, open_store
from bench.spread import percentile
from qgjob.core.lease import Lease
from qgjob.core.words import AppVersionId, WorkerId
from qgjob.service.submit import submit

CLAIMS_ALONE = 200
BURSTS = 10
"""How often all workers claim at the same moment, as when a push wakes them all."""


def main() -> None:
    """Do one of the two, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.store.claims", description=__doc__)
    parser.add_argument("what", choices=("make", "measure"))
    parser.add_argument("url")
    for name in ("--jobs", "--groups", "--workers"):
        parser.add_argument(name, type=int, required=True)
    options = parser.parse_args()
    store = open_store(options.url)
    if options.what == "make":
        measured = _make(make_farm(store, groups=options.groups, workers=options.workers), options.jobs)
    else:
        measured = asyncio.run(_measure(find_farm(store, groups=options.groups, workers=options.workers)))
    store.close()
    sys.stdout.write(json.dumps(measured) + "\n")


def _make(farm: Farm, jobs: int) -> dict[str, float]:
    began = time.perf_counter()
    farm.add_jobs(jobs)
    return {"jobs": jobs, "seconds": time.perf_counter() - began}


async def _measure(farm: Farm) -> dict[str, float]:
    """Claim for one worker after the other, then for all at the same moment; milliseconds."""
    held: dict[WorkerId, AppVersionId] = {}
    alone = [took_ms for _ in range(CLAIMS_ALONE) for took_ms in await _burst(farm, farm.workers[:1], held)]
    together = [took_ms for _ in range(BURSTS) for took_ms in await _burst(farm, farm.workers, held)]
    return {
        "alone_p50_ms": percentile(alone, 50),
        "alone_p99_ms": percentile(alone, 99),
        "together_p50_ms": percentile(together, 50),
        "together_p99_ms": percentile(together, 99),
        "claims": len(alone) + len(together),
    }


async def _burst(farm: Farm, workers: Sequence[WorkerId], held: dict[WorkerId, AppVersionId]) -> list[float]:
    """Time a claim of each worker, all at once; then put back, untimed, what was taken."""
    claimed = await asyncio.gather(*(_claim(farm, worker) for worker in workers))
    for lease, _ in claimed:
        await _submit_as_many(farm, lease)
        await farm.complete(lease, install=held.get(lease.worker_id) != lease.app_version_id)
        held[lease.worker_id] = lease.app_version_id
    return [took_ms for _, took_ms in claimed]


async def _claim(farm: Farm, worker: WorkerId) -> tuple[Lease, float]:
    began = time.perf_counter()
    lease = await farm.claim(worker)
    took_ms = (time.perf_counter() - began) * 1000
    if lease is None:
        raise BenchBroke("A claim came back empty while jobs wait: another benchmark was meant.")
    return lease, took_ms


async def _submit_as_many(farm: Farm, lease: Lease) -> None:
    group = int(lease.app_version_id.rpartition("-")[2])
    requests = [farm.request(group + farm.groups * number) for number in range(len(lease.jobs))]
    await answered(farm.store.write(partial(submit, requests=requests)))


if __name__ == "__main__":
    main()
