"""Stands where Appwright expects its Appium: makes every session one on the leased device, without an installation.

It speaks WebDriver to the tests and to the agent's Appium, and knows neither jobs nor verdicts.
"""

from qgjob.agent.gateway.capabilities import DeviceCapabilities
from qgjob.agent.gateway.faults import FaultKind, GatewayFault
from qgjob.agent.gateway.server import Gateway
from qgjob.agent.gateway.session import Session

__all__ = ["DeviceCapabilities", "FaultKind", "Gateway", "GatewayFault", "Session"]
