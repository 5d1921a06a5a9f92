"""Does harm to a farm, and makes it good again: one fault of a plan from its beginning to its end."""

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial

import psycopg

from chaos.farm import Farm, Kept
from chaos.line import Line
from chaos.plan import Fault, Harm, Victim
from local_postgres import HowToStop, LocalPostgres

_SMALLEST_FILE_BYTES = 4096
_ENDS = {Harm.KILL: signal.SIGKILL, Harm.STOP: signal.SIGTERM}
_RESTARTS = {Harm.RESTART_FAST: HowToStop.FAST, Harm.RESTART_IMMEDIATE: HowToStop.IMMEDIATE}
_END_SESSIONS = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


async def inflict(farm: Farm, fault: Fault) -> None:
    """Do it, wait for as long as it lasts, undo it; it is undone in any case."""
    if fault.victim is Victim.POSTGRES and farm.postgres is not None:
        await _hurt_postgres(farm.postgres, farm.postgres_at_a_time, fault)
        return
    with _harm(farm, fault):
        await asyncio.sleep(fault.lasts_s)


def _harm(farm: Farm, fault: Fault) -> AbstractContextManager[None]:
    number, harm = fault.number, fault.harm
    match fault.victim:
        case Victim.SERVER:
            return _of_program(farm.servers[number].program, harm)
        case Victim.AGENT:
            return _of_program(farm.agents[number].program, harm)
        case Victim.HEARTBEAT:
            return _of_heartbeat(farm.agents[number].heartbeat(), harm)
        case Victim.AGENT_LINE:
            return _of_line(farm.agents[number].line, harm)
        case Victim.USER_LINE:
            return _of_line(farm.users_line, harm)
        case Victim.POSTGRES_LINE if (line := farm.servers[number].to_database) is not None:
            return _of_line(line, harm)
        case Victim.DEVICE:
            return _unplugged(farm, number)
    return nullcontext()


def _of_program(program: Kept, harm: Harm) -> AbstractContextManager[None]:
    if harm in _ENDS:
        return _down(program, _ENDS[harm])
    if harm is Harm.FREEZE:
        return _frozen(program)
    if harm is Harm.FILL and program.disk.is_small:
        return _full(program)
    return _limited(program)


@contextmanager
def _down(program: Kept, number: signal.Signals) -> Iterator[None]:
    program.down(number)
    try:
        yield
    finally:
        program.up()


@contextmanager
def _frozen(program: Kept) -> Iterator[None]:
    program.send(signal.SIGSTOP)
    try:
        yield
    finally:
        program.send(signal.SIGCONT)


@contextmanager
def _full(program: Kept) -> Iterator[None]:
    program.disk.fill()
    try:
        yield
    finally:
        program.disk.empty()


@contextmanager
def _limited(program: Kept) -> Iterator[None]:
    """Let the process write no file beyond a few kilobytes, its log among them."""
    process = program.process
    if process is None or process.code is not None:
        yield
        return
    with suppress(ProcessLookupError):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_SMALLEST_FILE_BYTES, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        if process.code is None:
            with suppress(ProcessLookupError):
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def _of_heartbeat(pid: int | None, harm: Harm) -> Iterator[None]:
    first = signal.SIGKILL if harm is Harm.KILL else signal.SIGSTOP
    _signal(pid, first)
    try:
        yield
    finally:
        if first is signal.SIGSTOP:
            _signal(pid, signal.SIGCONT)


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@contextmanager
def _of_line(line: Line, harm: Harm) -> Iterator[None]:
    if harm is Harm.CUT:
        line.cut()
    else:
        line.hold_up()
    try:
        yield
    finally:
        line.mend()


@contextmanager
def _unplugged(farm: Farm, number: int) -> Iterator[None]:
    """Take a device away, counted over all agents."""
    agent_number, device_number = divmod(number, len(farm.agents[0].serials))
    device = farm.agents[agent_number].device(device_number)
    mark = device / "unplugged"
    with suppress(OSError):  # not there yet, or its disk is full
        mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


async def _hurt_postgres(postgres: LocalPostgres, one_at_a_time: asyncio.Lock, fault: Fault) -> None:
    """Hurt it, unless somebody is at it: while it is down there is nothing to hurt."""
    if fault.harm is Harm.DROP_CONNECTIONS:
        await asyncio.to_thread(_end_sessions, postgres)
        return
    if one_at_a_time.locked():
        return
    async with one_at_a_time:
        hurt, undo = _harm_of_postgres(postgres, fault.harm)
        hurting = asyncio.create_task(asyncio.to_thread(hurt))
        try:
            await asyncio.shield(hurting)
            await asyncio.sleep(fault.lasts_s)
        finally:
            await hurting  # begun, it comes to its end, also when the storm ends meanwhile
            await asyncio.to_thread(undo)


def _harm_of_postgres(postgres: LocalPostgres, harm: Harm) -> tuple[Callable[[], None], Callable[[], None]]:
    """How it is done and undone; both block."""
    if harm is Harm.FREEZE:
        return postgres.freeze, postgres.thaw
    if harm is Harm.KILL:
        return postgres.kill, postgres.start
    return partial(postgres.stop, _RESTARTS[harm]), postgres.start


def _end_sessions(postgres: LocalPostgres) -> None:
    with suppress(psycopg.Error), psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(_END_SESSIONS)
