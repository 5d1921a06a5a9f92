"""A host for agents with fake devices: needs neither Node nor adb, and says at every start that nothing is real."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from qgjob.agent.appium.fake import FakeAppium
from qgjob.agent.device.fake import FakeDevice, fake_devices
from qgjob.agent.device.fake_server import NoAdb
from qgjob.agent.device.held import HeldPackages
from qgjob.agent.device.installation import Installation
from qgjob.agent.environment import test_environment
from qgjob.agent.host import Host
from qgjob.agent.processes import Processes
from qgjob.agent.runner.fake import FakeRunner
from qgjob.agent.session.round import Slot
from qgjob.agent.settings import AgentSettings
from qgjob.agent.state_folder import StateFolder

_NO_PORT = 0


@asynccontextmanager
async def fake_host(
    settings: AgentSettings, state: StateFolder, processes: Processes, *, say: Callable[[str], None]
) -> AsyncIterator[Host]:
    """Keep a host with as many fake devices as the settings ask for."""
    say("FAKE DEVICES: no test is executed and no app installed; the results say nothing about any app")
    held = HeldPackages(state.held)
    devices = fake_devices(settings.fake_devices, state.fake_devices)
    appium = FakeAppium()
    try:
        yield Host(
            runner=FakeRunner(processes, home=settings.cache_dir.absolute(), say=say),
            adb=NoAdb(),
            appium=appium,
            slots=tuple(_slot(device, held) for device in devices),
            env=test_environment(os.environ),
        )
    finally:
        await appium.stop()


def _slot(device: FakeDevice, held: HeldPackages) -> Slot:
    return Slot(device=device, installation=Installation(device, held), system_port=_NO_PORT)
