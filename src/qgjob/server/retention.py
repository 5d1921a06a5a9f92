"""Lets go of what was kept long enough, now and then, in small parts with long pauses: the farm goes first.

Every replica does it, at moments of its own; what one has locked the others pass over.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog

from qgjob.core.words import Sha256
from qgjob.server.desk import Desk
from qgjob.server.keep import Keep
from qgjob.service import retention
from qgjob.service.retention import Forgotten
from qgjob.store import Transaction

T = TypeVar("T")

log = structlog.stdlib.get_logger("qgjob.server")

EVERY_S = 3600.0
_REST_FACTOR = 10
"""A pause is so many times as long as the part before it took, waiting for its turn included: a busy farm is let be."""
_UNTOUCHED_S = 3600.0
"""A file that was stored within the last hour may be about to be registered."""


@dataclass(frozen=True, kw_only=True)
class Gone:
    """How much was let go of. `evidence`: that went before its job."""

    jobs: int = 0
    evidence: int = 0
    files: int = 0


async def retain(desk: Desk, keep: Keep, *, every_s: float = EVERY_S) -> None:
    """Let go of what is due, until cancelled. It survives every error."""
    while True:
        await asyncio.sleep(every_s * random.uniform(0.5, 1.5))  # noqa: S311  # so that replicas do not meet
        try:
            gone = await let_go(desk, keep)
        except Exception:  # the next time is soon
            log.exception("retention_failed")
            continue
        if gone != Gone():
            log.info("let_go", jobs=gone.jobs, evidence=gone.evidence, files=gone.files)


async def let_go(desk: Desk, keep: Keep) -> Gone:
    """Let go of all that is due now."""
    evidence = 0 if keep.evidence is None else await _evidence(desk, keep.evidence)
    jobs = 0 if keep.jobs is None else await _jobs(desk, keep.jobs)
    return Gone(jobs=jobs, evidence=evidence, files=await _files(desk))


async def _evidence(desk: Desk, keep: timedelta) -> int:
    removed = 0
    while count := await _paced(desk, partial(_forget_evidence, keep=keep)):
        removed += count
    return removed


async def _jobs(desk: Desk, keep: timedelta) -> int:
    removed, after = 0, 0
    while True:
        forgotten = await _paced(desk, partial(_forget_jobs, keep=keep, after=after))
        removed += forgotten.jobs
        if forgotten.upto is None:
            return removed
        after = forgotten.upto


async def _files(desk: Desk) -> int:
    """Delete files that nothing refers to any more: the file, then the note of it, so that a crash forgets nothing."""
    removed, after = 0, ""
    while True:
        page = await desk.read(partial(retention.loose_files, after=after))
        gone = [file for file in page.unnamed if await asyncio.to_thread(_is_gone, desk, file)]
        removed += len(gone)
        if gone or page.kept:
            await _paced(desk, partial(retention.settle_files, files=[*page.kept, *gone]))
        if page.upto is None:
            return removed
        after = page.upto


def _is_gone(desk: Desk, file: Sha256) -> bool:
    return desk.blobs.remove(file, untouched_s=_UNTOUCHED_S)


def _forget_evidence(tx: Transaction, *, keep: timedelta) -> int:
    return retention.forget_evidence(tx, before=tx.now - keep)


def _forget_jobs(tx: Transaction, *, keep: timedelta, after: int) -> Forgotten:
    return retention.forget_jobs(tx, before=tx.now - keep, after=after)


async def _paced(desk: Desk, verb: Callable[[Transaction], T]) -> T:
    """Do a part, then pause."""
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    answer = await desk.write(verb)
    await asyncio.sleep(_REST_FACTOR * (loop.time() - began_at))
    return answer
