"""Programs of an agent: ended as whole groups, on record while they run, and never a stranger's."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qgjob.agent import process_table
from qgjob.agent.process_record import ProcessRecord
from qgjob.agent.processes import Processes, ProgramTimedOut, exit_code
from qgjob.core.errors import InfrastructureError

pytestmark = pytest.mark.anyio

IGNORES_SIGTERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session={apart})
print(child.pid, flush=True)
"""
ENV = {"PATH": os.environ["PATH"]}


def is_running(pid: int) -> bool:
    return process_table.birth(pid) is not None


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)  # between two looks, within the deadline above


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def recorded(processes: Processes) -> list[str]:
    content = json.loads(processes.record_path.read_text(encoding="utf-8"))
    return [group["name"] for group in content["groups"]]


async def test_a_program_that_ends_gives_its_code_and_all_it_said(processes: Processes, tmp_path: Path) -> None:
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    finished = await processes.run(python(code), name="it", env=ENV, cwd=tmp_path, timeout_s=20)
    assert (finished.code, finished.output) == (3, "out\nerr\n")
    assert recorded(processes) == []


async def test_of_much_output_the_tail_is_kept(processes: Processes, tmp_path: Path) -> None:
    code = "print('x' * 200_000); print('the end')"
    finished = await processes.run(python(code), name="it", env=ENV, cwd=tmp_path, timeout_s=20)
    assert len(finished.output) == 64 * 1024
    assert finished.output.endswith("xx\nthe end\n")


async def test_a_program_that_is_not_there_is_a_fault_of_the_host(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="Could not start npm"):
        await processes.run(["/nowhere/npm"], name="npm", env=ENV, cwd=tmp_path, timeout_s=1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
async def test_a_full_disk_costs_the_record_and_no_program(processes: Processes, tmp_path: Path) -> None:
    processes.record_path.with_suffix(".new").symlink_to("/dev/full")
    finished = await processes.run(python("print('ran')"), name="it", env=ENV, cwd=tmp_path, timeout_s=20)
    assert finished.output == "ran\n"
    assert processes._running == {}


async def test_a_program_past_its_time_is_ended_even_if_it_ignores_sigterm(
    processes: Processes, tmp_path: Path
) -> None:
    code = "print('working', flush=True); " + IGNORES_SIGTERM
    began = time.monotonic()
    with pytest.raises(ProgramTimedOut, match=r"npm ci did not end within 1 s .* working"):
        await processes.run(python(code), name="npm ci", env=ENV, cwd=tmp_path, timeout_s=1)
    assert time.monotonic() - began < 8
    assert recorded(processes) == []


async def test_a_grandchild_ends_with_the_program_that_left_it(processes: Processes, tmp_path: Path) -> None:
    code = LEAVES_A_CHILD.format(apart=False)
    finished = await processes.run(python(code), name="it", env=ENV, cwd=tmp_path, timeout_s=20)
    wait_until(lambda: not is_running(int(finished.output)))


async def test_a_cancelled_run_ends_its_group(processes: Processes, tmp_path: Path) -> None:
    running = asyncio.create_task(
        processes.run(python(IGNORES_SIGTERM), name="it", env=ENV, cwd=tmp_path, timeout_s=60)
    )
    while not recorded(processes):  # noqa: ASYNC110 - the file is the interface under test
        await asyncio.sleep(0.01)
    (group,) = json.loads(processes.record_path.read_text(encoding="utf-8"))["groups"]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_running(group["pid"])
    assert recorded(processes) == []


async def test_end_gives_the_group_its_grace_and_then_kills_it(processes: Processes, tmp_path: Path) -> None:
    stubborn = await processes.start(
        python("print('up', flush=True); " + IGNORES_SIGTERM), name="it", env=ENV, cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert stubborn.stdout is not None
    # The first print comes before the handler is set; an ended grace period is the same either way.
    assert await stubborn.stdout.readline() == b"up\n"
    code = await processes.end(stubborn, grace_s=0.5)
    assert code in {-signal.SIGKILL, -signal.SIGTERM}
    assert recorded(processes) == []


async def test_end_sends_the_signal_it_was_told(processes: Processes, tmp_path: Path) -> None:
    code = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
print("ready", flush=True)
signal.pause()
"""
    process = await processes.start(python(code), name="it", env=ENV, cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    assert await processes.end(process, grace_s=10, signal=signal.SIGINT) == 130


async def test_end_all_leaves_nothing_running(processes: Processes, tmp_path: Path) -> None:
    started = [
        await processes.start(python("import time; time.sleep(60)"), name=name, env=ENV, cwd=tmp_path)
        for name in ("one", "two")
    ]
    assert recorded(processes) == ["one", "two"]
    await processes.end_all(grace_s=5)
    assert [is_running(process.pid) for process in started] == [False, False]
    assert recorded(processes) == []


AGENT_THAT_IS_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from qgjob.agent.processes import Processes

async def main():
    processes = Processes(Path(sys.argv[1]))
    await processes.start([sys.executable, "-c", sys.argv[2]], name="runner", env={}, cwd=Path.cwd(), stdout=None)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("apart", [False, True], ids=["in its group", "in a session of its own"])
async def test_after_a_kill_9_reap_ends_what_was_left_grandchildren_too(tmp_path: Path, *, apart: bool) -> None:
    record = tmp_path / "processes.json"
    child = LEAVES_A_CHILD.format(apart=apart) + "import time; time.sleep(60)"
    agent = await asyncio.create_subprocess_exec(
        *python(AGENT_THAT_IS_KILLED), str(record), child, stdout=subprocess.PIPE
    )
    assert agent.stdout is not None
    grandchild = int(await agent.stdout.readline())
    agent.kill()
    assert is_running(grandchild)

    ended = await Processes(record).reap()

    assert "runner" in ended
    assert not is_running(grandchild)


async def test_reap_spares_a_stranger_who_was_given_a_recorded_pid(tmp_path: Path) -> None:
    stranger = await asyncio.create_subprocess_exec(*python("import time; time.sleep(60)"), start_new_session=True)
    try:
        record = tmp_path / "processes.json"
        entry = {"name": "runner", "pid": stranger.pid, "birth": "an earlier process with the same pid"}
        record.write_text(json.dumps({"mark": "m" * 32, "groups": [entry]}), encoding="utf-8")
        assert await Processes(record).reap() == []
        assert is_running(stranger.pid)
        assert json.loads(record.read_text(encoding="utf-8"))["groups"] == []
    finally:
        stranger.kill()
        await stranger.wait()


async def test_a_torn_record_is_an_empty_one(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    record.write_text('{"mark": "', encoding="utf-8")
    assert await Processes(record).reap() == []


def test_a_birth_tells_a_process_from_its_zombie_and_from_nobody(tmp_path: Path) -> None:
    process = subprocess.Popen(python("pass"), cwd=tmp_path)
    first = process_table.birth(os.getpid())
    assert first is not None
    assert first == process_table.birth(os.getpid())
    wait_until(lambda: not is_running(process.pid))  # a zombie until it is collected below
    process.wait()
    assert not is_running(process.pid)


def test_a_record_does_not_reap_the_one_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = ProcessRecord(tmp_path / "processes.json")
    record.add("me", os.getpid())
    monkeypatch.setattr(process_table, "members", lambda _group: [os.getpid()])
    assert record.reap() == []


ENDS_ITS_LIFE_WITH_STDIN = """
import sys
from pathlib import Path
from qgjob.agent.process_record import end_own_life
sys.stdin.read()
end_own_life(Path(sys.argv[1]))
"""


async def test_what_outlives_its_agent_ends_the_same_life_and_no_later_one(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    first = Processes(record)
    sleeper = python("import time; time.sleep(60)")
    old = await first.start(sleeper, name="old", env=ENV, cwd=tmp_path)
    argv = [*python(ENDS_ITS_LIFE_WITH_STDIN), str(record)]
    survivor = await first.start(argv, name="heartbeat", env=ENV, cwd=tmp_path, stdin=subprocess.PIPE)
    record.write_text(json.dumps({"mark": "another life", "groups": []}), encoding="utf-8")
    second = Processes(record)
    new = await second.start(sleeper, name="new", env=ENV, cwd=tmp_path)

    assert survivor.stdin is not None
    survivor.stdin.close()

    assert await exit_code(survivor) == 0
    assert (is_running(old.pid), is_running(new.pid)) == (False, True)
    await second.end_all(grace_s=5)
