"""Puts an agent together from its settings, and takes it apart again: nothing of it is left running."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qgjob.agent.cache import Cache
from qgjob.agent.delivery.journal import Journal
from qgjob.agent.delivery.reports import Reports
from qgjob.agent.delivery.uploads import Uploads
from qgjob.agent.fake_host import fake_host
from qgjob.agent.heartbeat.renewal import Renewal
from qgjob.agent.host import Host, ready_host
from qgjob.agent.loop import Agent, Line
from qgjob.agent.processes import Processes
from qgjob.agent.registration import Identity, Registration
from qgjob.agent.session.running import RunningSessions
from qgjob.agent.settings import AgentSettings
from qgjob.agent.state_folder import StateFolder, own_state_folder
from qgjob.agent.workers import Workers
from qgjob.agent.workshop import Workshop
from qgjob.client import Client

SERVER_TIMEOUT_S = 30.0
_END_GRACE_S = 3.0


def run_agent(settings: AgentSettings) -> None:
    """Run an agent until SIGTERM or SIGINT; a second signal does not wait for tests to end in order.

    Says on stderr what it does. Raises ConfigurationError for what a person has to put right, InfrastructureError for
    a host that cannot work, and whatever the server refuses the agent with.
    """
    with own_state_folder(settings.state_dir) as state:
        asyncio.run(_run(settings, state))


async def _run(settings: AgentSettings, state: StateFolder) -> None:
    signals = Signals()
    processes = Processes(state.processes)
    for name in await processes.reap():
        say(f"ended {name}, which an earlier agent had left running")
    try:
        async with _host(settings, state, processes) as host:
            await _serve(settings, state, processes, host, signals)
    except asyncio.CancelledError:
        say("ended without waiting any longer")
    finally:
        await processes.end_all(grace_s=_END_GRACE_S)
        await processes.reap()  # what left its group, as an adb server does that adb started by itself


@asynccontextmanager
async def _host(settings: AgentSettings, state: StateFolder, processes: Processes) -> AsyncIterator[Host]:
    kind = fake_host if settings.fake_devices else ready_host
    async with kind(settings, state, processes, say=say) as host:
        yield host


async def _serve(
    settings: AgentSettings, state: StateFolder, processes: Processes, host: Host, signals: "Signals"
) -> None:
    with Client(settings.server_url, timeout_s=SERVER_TIMEOUT_S) as client:
        agent, reports = _agent(settings, state, processes, host, client)
        await reports.deliver_left_over()
        await agent.register()
        signals.agent = agent
        devices = ", ".join(slot.device.serial for slot in host.slots)
        say(f"qgjob agent serves {settings.server_url} with {devices}")
        await agent.serve()


def _agent(
    settings: AgentSettings, state: StateFolder, processes: Processes, host: Host, client: Client
) -> tuple[Agent, Reports]:
    workers = Workers(host.slots)
    workshop = Workshop(
        processes=processes,
        cache=Cache(settings.cache_dir, client),
        uploads=Uploads(client, state.agent_id, say),
        runner=host.runner,
        appium=host.appium,
        adb=host.adb,
        work=state.work,
        own_project=settings.project,
        env=host.env,
        say=say,
    )
    identity = Identity(agent_id=state.agent_id, name=settings.name, has_project=settings.project is not None)
    renewal = Renewal(
        processes,
        server_url=settings.server_url,
        agent_id=state.agent_id,
        env=os.environ,
        folder=state.home,
    )
    line = Line(
        agent_id=state.agent_id,
        client=client,
        registration=Registration(identity, workers, client, say),
        renewal=renewal,
    )
    reports = Reports(client, state.agent_id, Journal(state.journal), say)
    return Agent(workers, workshop, RunningSessions(workshop, reports), line), reports


class Signals:
    """What SIGTERM and SIGINT do: stop the agent in order once it serves, and cancel everything the second time."""

    def __init__(self) -> None:
        self.agent: Agent | None = None
        self._running = asyncio.current_task()
        self._heard = False
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._hear)

    def _hear(self) -> None:
        if self.agent is not None and not self._heard:
            say("stopping: no new work, what runs is ended")
            self.agent.stop()
        elif self._running is not None:
            self._running.cancel()
        self._heard = True


def say(line: str) -> None:
    """Say on stderr what the agent does, a line at a time."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
