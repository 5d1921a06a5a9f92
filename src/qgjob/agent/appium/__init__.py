"""The agent's Appium server and what its log says of single sessions."""

from qgjob.agent.appium.server import Appium

__all__ = ["Appium"]
