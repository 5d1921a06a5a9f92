"""A worker of protocol 1, as scripts of the first generation are: it beats, runs one job at a time, and PUTs its end.

Every now and then it is silent for so long that its job is taken from it.
"""

import asyncio
import random
from typing import TYPE_CHECKING, cast

from chaos.users import Errand

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEAT_S = 0.2
_WORK_S = (0.0, 0.3)
_SILENT_S = 4.0
"""Longer than its lease lasts."""
_FALLS_SILENT = 0.1


async def serve(errand: Errand, dice: random.Random) -> None:
    """Work until cancelled."""
    registered = await errand.asking.report("POST", "/workers", {"name": "old", "target_types": ["device"]})
    worker_id = str(registered.body["worker_id"])
    while True:
        beat = await errand.asking.report("POST", f"/workers/{worker_id}/heartbeat")
        if "next_job" in beat.body:
            job = cast("Mapping[str, object]", beat.body["next_job"])
            await _run(errand, dice, worker_id=worker_id, job_id=str(job["job_id"]))
        await asyncio.sleep(_BEAT_S)


async def _run(errand: Errand, dice: random.Random, *, worker_id: str, job_id: str) -> None:
    """Run a job; whatever is refused means that it is no longer ours."""
    path = f"/jobs/{job_id}"
    begun = await errand.asking.report("PUT", path, {"status": "running", "worker_id": worker_id})
    if not begun.ok:
        return
    await asyncio.sleep(_SILENT_S if dice.random() < _FALLS_SILENT else dice.uniform(*_WORK_S))
    ended = await errand.asking.report(
        "PUT", path, {"status": "completed", "worker_id": worker_id, "result": {"ok": 1}}
    )
    if ended.ok:
        errand.diary.heard.add(job_id)
