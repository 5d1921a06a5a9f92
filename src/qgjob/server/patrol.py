"""The beat: every few seconds what time alone put wrong is put right. It survives every error and decides nothing."""

import asyncio

import structlog

from qgjob.server.desk import Desk
from qgjob.service.sweep import sweep

log = structlog.stdlib.get_logger("qgjob.server")

SWEEP_EVERY_S = 5.0


async def patrol(desk: Desk, *, every_s: float = SWEEP_EVERY_S) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(every_s)
        try:
            swept = await desk.write(sweep)
        except Exception:  # the beat goes on: what failed now is tried again at the next
            log.exception("sweep_failed")
            continue
        if swept.leases_ended or swept.jobs_woken:
            log.info("swept", leases_ended=swept.leases_ended, jobs_woken=swept.jobs_woken)
