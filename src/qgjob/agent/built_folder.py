"""Folders that are costly to make and then only read: made once, whole or not at all, shared by all agents of a host.

A folder that nobody has asked for within a week is deleted when the next one beside it is made.
"""

import asyncio
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from qgjob.agent.host_trouble import HostTrouble
from qgjob.core.errors import InfrastructureError

KEPT_S = 7 * 24 * 3600.0
LOCK_TIMEOUT_S = 1800.0
_POLL_S = 0.1


async def built_folder(
    folder: Path, build: Callable[[Path], Awaitable[None]], *, what: str, say: Callable[[str], None]
) -> Path:
    """Return `folder`, after `build` has filled it if it was not there; `what` names it to people.

    `build` gets an empty folder beside it that becomes `folder` when it returns. Only one builds at a time, also
    across processes; the others wait. What `build` raises is raised here, and nothing stays behind. HostTrouble when
    the disk is full or may not be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not folder.is_dir():  # noqa: ASYNC240 (a look at the local disk, as below)
            async with _alone(folder, what=what, say=say):
                if not folder.is_dir():  # noqa: ASYNC240
                    await _build(folder, build)
        os.utime(folder)
    except OSError as error:
        raise HostTrouble(f"Could not make {what} in {folder}: {error.strerror}.") from error
    return folder


async def _build(folder: Path, build: Callable[[Path], Awaitable[None]]) -> None:
    await asyncio.to_thread(_drop_unused, folder.parent)
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)  # left by a killed agent
    unfinished.mkdir()
    try:
        await build(unfinished)
        unfinished.rename(folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)


@asynccontextmanager
async def _alone(folder: Path, *, what: str, say: Callable[[str], None]) -> AsyncIterator[None]:
    """Hold the lock file of `folder`. It is polled for: a thread that waits in flock could not be cancelled."""
    path = folder.with_name(f"{folder.name}.lock")
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    waiting = False
    while (lock := _try_lock(path)) is None:
        if not waiting:
            say(f"waiting for {what}: another process is making it")
            waiting = True
        if time.monotonic() > deadline:
            raise InfrastructureError(f"Waited {LOCK_TIMEOUT_S:.0f} s for {what}: another process still holds {path}.")
        await asyncio.sleep(_POLL_S)
    try:
        yield
    finally:
        os.close(lock)


def _try_lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            os.utime(descriptor)  # used now, so not deleted as unused
            return descriptor
    except BlockingIOError:
        pass
    os.close(descriptor)  # held by another, or deleted as unused between our open and our lock
    return None


def _drop_unused(parent: Path) -> None:
    oldest = time.time() - KEPT_S
    for path in parent.iterdir():
        if path.lstat().st_mtime < oldest:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
