import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.agent.gateway.capabilities import (
    CapabilityRules,
    DeviceCapabilities,
    InvalidCapabilities,
    android_rules,
    rewritten,
)
from qgjob.core.words import ResetMode

FORCED_BY_DEVICE = {
    "appium:udid": "emulator-5554",
    "appium:systemPort": 8301,
    "appium:adbPort": 5999,
    "appium:suppressKillServer": True,
    "appium:fullReset": False,
    "appium:noReset": False,
}
OURS = {name.removeprefix("appium:") for name in FORCED_BY_DEVICE} | {
    "app",
    "platformVersion",
    "avd",
    "remoteAdbHost",
    "skipServerInstallation",
    "skipDeviceInitialization",
    "options",
}


def rules(reset: ResetMode = ResetMode.CLEAR) -> CapabilityRules:
    return android_rules(DeviceCapabilities(serial="emulator-5554", system_port=8301, adb_port=5999, reset=reset))


def always(body: object, *, reset: ResetMode = ResetMode.CLEAR, prepared: bool = False) -> object:
    made = rewritten(body, rules(reset), prepared=prepared)["capabilities"]
    assert isinstance(made, dict)
    return made["alwaysMatch"]


def test_a_session_is_for_the_leased_device_and_installs_nothing() -> None:
    body = {
        "capabilities": {
            "alwaysMatch": {
                "platformName": "android",
                "appium:app": "/builds/shop.apk",
                "appium:platformVersion": "14",
                "appium:fullReset": True,
                "appium:autoGrantPermissions": True,
                "appium:udid": "another",
            }
        }
    }
    assert always(body) == {"platformName": "android", "appium:autoGrantPermissions": True, **FORCED_BY_DEVICE}


@pytest.mark.parametrize(
    ("reset", "no_reset"), [(ResetMode.CLEAR, False), (ResetMode.KEEP, True), (ResetMode.FRESH, False)]
)
def test_only_keep_leaves_the_data_of_the_app(reset: ResetMode, no_reset: bool) -> None:
    made = always({"capabilities": {"alwaysMatch": {}}}, reset=reset)
    assert isinstance(made, dict)
    assert (made["appium:noReset"], made["appium:fullReset"]) == (no_reset, False)


def test_names_without_the_prefix_and_inside_options_are_found_too() -> None:
    body = {
        "capabilities": {
            "alwaysMatch": {
                "app": "/a.apk",
                "appium:options": {"app": "/b.apk", "fullReset": True, "newCommandTimeout": 90},
            }
        }
    }
    assert always(body) == {"appium:options": {"newCommandTimeout": 90}, **FORCED_BY_DEVICE}


def test_what_is_forced_stands_in_always_match_alone() -> None:
    body = {"capabilities": {"firstMatch": [{"appium:udid": "x", "appium:automationName": "uiautomator2"}]}}
    assert rewritten(body, rules(), prepared=False)["capabilities"] == {
        "alwaysMatch": FORCED_BY_DEVICE,
        "firstMatch": [{"appium:automationName": "uiautomator2"}],
    }


def test_desired_capabilities_of_an_old_client_are_rewritten_as_well() -> None:
    body = {"desiredCapabilities": {"platformName": "android", "appium:app": "/a.apk"}}
    assert rewritten(body, rules(), prepared=False) == {
        "desiredCapabilities": {"platformName": "android", **FORCED_BY_DEVICE}
    }


def test_a_prepared_device_is_not_prepared_again() -> None:
    assert always({"capabilities": {"alwaysMatch": {}}}, prepared=True) == {
        **FORCED_BY_DEVICE,
        "appium:skipServerInstallation": True,
        "appium:skipDeviceInitialization": True,
    }


@pytest.mark.parametrize("name", ["appium:language", "appium:unicodeKeyboard", "hideKeyboard"])
def test_a_prepared_device_is_prepared_again_for_what_needs_it(name: str) -> None:
    assert always({"capabilities": {"alwaysMatch": {}, "firstMatch": [{name: "x"}]}}, prepared=True) == FORCED_BY_DEVICE


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"capabilities": "android"},
        {"capabilities": {"alwaysMatch": []}},
        {"capabilities": {"firstMatch": {}}},
        {"capabilities": {"firstMatch": [1]}},
        {"desiredCapabilities": None},
    ],
)
def test_a_body_that_is_no_request_for_a_session_is_refused(body: object) -> None:
    with pytest.raises(InvalidCapabilities):
        rewritten(body, rules(), prepared=False)


names = st.text(min_size=1, max_size=20).filter(lambda name: name.removeprefix("appium:") not in OURS)
values = st.none() | st.booleans() | st.integers() | st.text(max_size=20)


@given(asked=st.dictionaries(names, values), choice=st.dictionaries(names, values))
def test_whatever_else_a_test_asks_for_is_left_as_it_is(asked: dict[str, object], choice: dict[str, object]) -> None:
    body = {"capabilities": {"alwaysMatch": asked, "firstMatch": [choice]}}
    assert rewritten(body, rules(), prepared=False)["capabilities"] == {
        "alwaysMatch": {**asked, **FORCED_BY_DEVICE},
        "firstMatch": [choice],
    }
