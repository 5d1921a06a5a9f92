import pytest

from qgjob.agent.gateway.faults import FaultKind, command_fault, creation_fault


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Could not find a connected Android device in 20000ms", FaultKind.DEVICE_GONE),
        ("Device 127.0.0.1:6655 was not in the list of connected devices", FaultKind.DEVICE_GONE),
        ("Error executing adbExec. Command output: adb: device '127.0.0.1:6655' not found", FaultKind.DEVICE_GONE),
        ("Error executing adbExec. Command output: adb: device offline", FaultKind.DEVICE_GONE),
        (
            "Cannot start the 'com.example.shop' application. Original error: Activity name '.Main' used to start",
            FaultKind.APP_NOT_STARTED,
        ),
        ("com.example.shop.Main never started. Current: com.android.launcher3/.Launcher", FaultKind.APP_NOT_STARTED),
        (
            "The instrumentation process cannot be initialized within 30000ms timeout.",
            FaultKind.SESSION_NOT_CREATED,
        ),
        ("something that nobody has seen before", FaultKind.SESSION_NOT_CREATED),
    ],
)
def test_appiums_words_tell_why_a_session_was_not_created(message: str, kind: FaultKind) -> None:
    assert creation_fault(message) is kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (
            "'POST /elements' cannot be proxied because the instrumentation process is not running (probably crashed).",
            FaultKind.SESSION_LOST,
        ),
        ("Could not proxy command to the remote server. Original error: socket hang up", FaultKind.SESSION_LOST),
        ("adb: device 'emulator-5554' not found", FaultKind.DEVICE_GONE),
        ("An element could not be located on the page using the given search parameters.", None),
        ("Cannot start the 'com.example.shop' application.", None),
    ],
)
def test_only_what_lies_beneath_a_test_is_a_fault_of_a_command(message: str, kind: FaultKind | None) -> None:
    assert command_fault(message) is kind
