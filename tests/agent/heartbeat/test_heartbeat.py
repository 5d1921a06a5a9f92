"""The heartbeat: a process of its own that renews, tells what it hears, and cleans up after an agent that is gone."""

import asyncio
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from qgjob.agent.heartbeat import beat
from qgjob.agent.heartbeat.beat import Heartbeat
from qgjob.agent.heartbeat.renewal import SIGN_EVERY_S, Listeners, Renewal, Renewing
from qgjob.agent.process_table import birth
from qgjob.agent.processes import Processes
from qgjob.core.lease import Lease
from qgjob.core.timing import LEASE, SILENT_AFTER
from qgjob.core.words import AgentId, LeaseToken, WorkerId
from qgjob.server.patrol import SWEEP_EVERY_S
from qgjob.wire.agents import LeaseState
from tests.agent.server import AGENT, Served

pytestmark = [pytest.mark.anyio, pytest.mark.exam]

ENV = {"PATH": os.environ["PATH"]}


class Heard:
    """What the agent hears."""

    def __init__(self) -> None:
        self.states = asyncio.Queue[LeaseState]()
        self.unknown = asyncio.Event()

    @property
    def listeners(self) -> Listeners:
        return Listeners(lease=self.states.put_nowait, unknown=self.unknown.set)


@pytest.fixture
async def heard() -> Heard:
    return Heard()


def renewal_of(served: Served, processes: Processes, *, agent_id: AgentId = AGENT) -> Renewal:
    return Renewal(processes, server_url=served.url, agent_id=agent_id, env=ENV, folder=served.folder)


@pytest.fixture
async def renewal(served: Served, processes: Processes, heard: Heard) -> AsyncIterator[Renewal]:
    renewal = renewal_of(served, processes)
    running = asyncio.create_task(renewal.run(heard.listeners))
    yield renewal
    running.cancel()
    await asyncio.wait([running])


def renewing(lease: Lease, *, tokens: tuple[LeaseToken, ...] | None = None) -> Renewing:
    return Renewing(worker_ids=[lease.worker_id], tokens=[lease.token] if tokens is None else list(tokens), every_s=0.2)


async def test_a_lease_is_renewed_again_and_again(served: Served, renewal: Renewal, heard: Heard) -> None:
    lease = await asyncio.to_thread(served.lease)
    renewal.renew(renewing(lease))
    first = await asyncio.wait_for(heard.states.get(), 20)
    second = await asyncio.wait_for(heard.states.get(), 20)
    assert (first["token"], first["in_force"], first["cancel"]) == (lease.token, True, [])
    assert first["deadline_at"] is not None
    assert second["deadline_at"] is not None
    assert first["deadline_at"] < second["deadline_at"]


async def test_a_wish_to_cancel_is_heard_while_a_test_runs(served: Served, renewal: Renewal, heard: Heard) -> None:
    lease = await asyncio.to_thread(served.lease)
    await asyncio.to_thread(served.client.jobs.cancel, lease.jobs[0].job_id)
    renewal.renew(renewing(lease))
    state = await asyncio.wait_for(heard.states.get(), 20)
    assert state["cancel"] == [lease.jobs[0].job_id]


async def test_a_lease_that_is_over_is_said_to_be(served: Served, renewal: Renewal, heard: Heard) -> None:
    lease = await asyncio.to_thread(served.lease)
    renewal.renew(renewing(lease, tokens=(LeaseToken(9999),)))
    assert not (await asyncio.wait_for(heard.states.get(), 20))["in_force"]


async def test_a_server_that_does_not_know_the_agent_is_noticed(
    served: Served, processes: Processes, heard: Heard
) -> None:
    renewal = renewal_of(served, processes, agent_id=AgentId("a stranger"))
    running = asyncio.create_task(renewal.run(heard.listeners))
    renewal.renew(Renewing(worker_ids=[WorkerId("worker-1")], tokens=[], every_s=0.2))
    await asyncio.wait_for(heard.unknown.wait(), 20)
    running.cancel()
    await asyncio.wait([running])


async def test_a_server_that_is_away_is_asked_again(served: Served, renewal: Renewal, heard: Heard) -> None:
    lease = await asyncio.to_thread(served.lease)
    await asyncio.to_thread(served.stop)
    renewal.renew(renewing(lease))
    await asyncio.to_thread(served.start)
    assert (await asyncio.wait_for(heard.states.get(), 30))["token"] == lease.token


async def test_a_heartbeat_that_dies_is_started_again(
    served: Served, renewal: Renewal, heard: Heard, processes: Processes
) -> None:
    lease = await asyncio.to_thread(served.lease)
    renewal.renew(renewing(lease))
    await asyncio.wait_for(heard.states.get(), 20)
    (running,) = processes._running.values()
    running.kill()
    await running.wait()
    while not heard.states.empty():
        heard.states.get_nowait()
    assert (await asyncio.wait_for(heard.states.get(), 20))["in_force"]


async def test_told_to_end_it_ends_nothing_else(served: Served, processes: Processes, heard: Heard) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]  # a program that lasts until it is ended
    other = await processes.start(sleeper, name="other", env=ENV, cwd=served.folder)
    renewal = renewal_of(served, processes)
    running = asyncio.create_task(renewal.run(heard.listeners))
    renewal.renew(Renewing(worker_ids=[], tokens=[], every_s=0.2))
    await asyncio.to_thread(served.register)
    while len(processes._running) < 2:  # noqa: ASYNC110 - the table is what is looked at
        await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.wait([running])
    assert birth(other.pid) is not None
    await processes.end_all(grace_s=1)


async def test_it_does_not_speak_for_an_agent_that_has_fallen_silent(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = await asyncio.to_thread(served.lease)
    told = json.dumps({"worker_ids": [lease.worker_id], "tokens": [lease.token], "every_s": 20}) + "\n"
    answers = io.StringIO()
    heartbeat = Heartbeat(served.client, AGENT, answers)
    heartbeat.read(io.StringIO(told))

    monkeypatch.setattr("qgjob.agent.heartbeat.beat.MOST_SILENCE_S", 0.0)
    await asyncio.to_thread(heartbeat.beat_once)
    assert answers.getvalue() == ""

    monkeypatch.setattr("qgjob.agent.heartbeat.beat.MOST_SILENCE_S", 60.0)
    heartbeat.read(io.StringIO("{}\n"))
    await asyncio.to_thread(heartbeat.beat_once)
    assert json.loads(answers.getvalue())["lease"]["token"] == lease.token


async def test_an_agent_that_hangs_is_lost_within_90_seconds_and_a_late_sign_costs_nothing() -> None:
    noticed_within_s = beat.MOST_SILENCE_S + LEASE.total_seconds() + SWEEP_EVERY_S

    assert noticed_within_s <= SILENT_AFTER.total_seconds() == 90
    assert SIGN_EVERY_S * 3 <= beat.MOST_SILENCE_S


async def test_an_agent_that_is_at_work_gives_signs_of_it(
    served: Served, processes: Processes, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qgjob.agent.heartbeat.renewal.SIGN_EVERY_S", 0.05)
    renewal = renewal_of(served, processes)
    renewal._argv = [sys.executable, "-u", "-c", ANSWERS_SIGNS]
    running = asyncio.create_task(renewal.run(heard.listeners))
    assert (await asyncio.wait_for(heard.states.get(), 20))["token"] == 7
    running.cancel()
    await asyncio.wait([running])


ANSWERS_SIGNS = """
import sys
for line in sys.stdin:
    if line == "{}\\n":
        print('{"lease": {"token": 7, "in_force": true, "deadline_at": null, "cancel": []}}')
"""

AGENT_WITH_A_HEARTBEAT = """
import asyncio, sys
from pathlib import Path
from qgjob.agent.heartbeat.beat import Heartbeat
from qgjob.agent.heartbeat.renewal import Listeners, Renewal
from qgjob.agent.processes import Processes

async def main(folder, url):
    processes = Processes(folder / "processes.json")
    await processes.reap()
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]  # a program that lasts until it is ended
    child = await processes.start(sleeper, name="appium", env={}, cwd=folder)
    renewal = Renewal(processes, server_url=url, agent_id="a", env={}, folder=folder)
    running = asyncio.create_task(renewal.run(Listeners(lease=print, unknown=lambda: None)))
    while renewal._process is None:
        await asyncio.sleep(0.01)
    print(child.pid, renewal._process.pid, flush=True)
    await running

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def test_after_a_kill_9_of_the_agent_it_ends_what_was_left_and_itself(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", AGENT_WITH_A_HEARTBEAT, str(tmp_path), "http://127.0.0.1:9"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as agent:
        assert agent.stdout is not None
        pids = [int(pid) for pid in agent.stdout.readline().split()]
        assert [birth(pid) is not None for pid in pids] == [True, True]
        agent.kill()
    deadline = time.monotonic() + 20
    while any(birth(pid) is not None for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)  # between two looks, within the deadline above
