"""Faults that the gateway sees and a test's result cannot tell from a failed test, recognised by what Appium says."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from qgjob.core.words import Fault


class FaultKind(StrEnum):
    """What went wrong beneath the test."""

    APPIUM_GONE = "appium_gone"
    DEVICE_GONE = "device_gone"
    NOT_PROVEN = "not_proven"
    """The agent could not prove that the submitted app is on the device."""
    SESSION_NOT_CREATED = "session_not_created"
    APP_NOT_STARTED = "app_not_started"
    SESSION_LOST = "session_lost"
    """The driver's server on the device died, or stopped answering, under an open session."""


@dataclass(frozen=True, kw_only=True)
class GatewayFault:
    """One fault. `case_id` is the case that met it, where the test process said which that was."""

    at: datetime
    kind: FaultKind
    message: str
    case_id: str | None

    @property
    def fault(self) -> Fault:
        """Whose problem it is."""
        match self.kind:
            case FaultKind.APP_NOT_STARTED:
                return Fault.APP
            case (
                FaultKind.APPIUM_GONE
                | FaultKind.DEVICE_GONE
                | FaultKind.NOT_PROVEN
                | FaultKind.SESSION_NOT_CREATED
                | FaultKind.SESSION_LOST
            ):
                return Fault.INFRASTRUCTURE
            case _:
                assert_never(self.kind)


# As appium-adb, appium-android-driver and appium-uiautomator2-driver 3 to 8 word it.
_DEVICE_GONE = re.compile(
    r"device '[^']*' not found|device not found|no devices/emulators found|device (?:still )?(?:offline|unauthorized)"
    r"|was not in the list of connected devices|Could not find (?:a connected|online) (?:Android )?devices?"
    r"|Device [^ ]+ was not in the list",
    re.IGNORECASE,
)
_APP_NOT_STARTED = re.compile(
    r"Cannot start the '[^']*' application|never started\. Current:|Activity (?:name )?'[^']*' used to start the app"
    r"|Activity class \{[^}]*\} does not exist|Unable to resolve the launchable activity",
    re.IGNORECASE,
)
_SESSION_LOST = re.compile(
    r"instrumentation process (?:is not running|cannot be initialized|has been unexpectedly terminated)"
    r"|Could not proxy command to the remote server|socket hang up|ECONNREFUSED|ECONNRESET"
    r"|UiAutomator2 server (?:crashed|is not responding)",
    re.IGNORECASE,
)


def creation_fault(message: str) -> FaultKind:
    """Why a session was not created."""
    if _DEVICE_GONE.search(message):
        return FaultKind.DEVICE_GONE
    if _APP_NOT_STARTED.search(message):
        return FaultKind.APP_NOT_STARTED
    return FaultKind.SESSION_NOT_CREATED


def command_fault(message: str) -> FaultKind | None:
    """Why a command in an open session failed; None where it is the test's own affair."""
    if _DEVICE_GONE.search(message):
        return FaultKind.DEVICE_GONE
    if _SESSION_LOST.search(message):
        return FaultKind.SESSION_LOST
    return None
