"""The beat: every few seconds what time alone put wrong is put right, and what was kept long enough is let go.

It survives every error and decides nothing.
"""

import asyncio

import structlog

from qgjob.server.desk import Desk
from qgjob.service.attend import attend
from qgjob.service.idempotency import forget

log = structlog.stdlib.get_logger("qgjob.server")

SWEEP_EVERY_S = 5.0
_MOST_PARTS_FORGOTTEN = 20


async def patrol(desk: Desk, *, every_s: float = SWEEP_EVERY_S) -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await _sweep(desk)
            await _forget(desk)
        except Exception:  # the beat goes on: what failed now is tried again at the next
            log.exception("sweep_failed")


async def _sweep(desk: Desk) -> None:
    attended = await desk.write(attend)
    if attended is None:
        return
    if attended.away:
        log.warning("farm_was_unattended", for_s=round(attended.away.total_seconds(), 1))
    swept = attended.swept
    if swept.leases_ended or swept.jobs_woken:
        log.info("swept", leases_ended=swept.leases_ended, jobs_woken=swept.jobs_woken)
    timed_out = attended.timed_out
    if timed_out.waits or timed_out.leases:
        log.info("timed_out", waits=timed_out.waits, leases=timed_out.leases)


async def _forget(desk: Desk) -> None:
    """Forget remembered answers in small parts, between which others write; the rest is the next beat's."""
    for _ in range(_MOST_PARTS_FORGOTTEN):
        if not await desk.write(forget):
            return
