"""What a test asks of a new session, made into what this device is to give.

Only whole values are replaced: nothing a test asks for beside the device, the app and the reset is touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qgjob.core.words import ResetMode

_VENDOR = "appium:"
_OPTIONS = "appium:options"

Json = Mapping[str, object]


class InvalidCapabilities(ValueError):
    """The body of a new-session request that is not of WebDriver's form."""


@dataclass(frozen=True, kw_only=True)
class DeviceCapabilities:
    """The Android device of a lease. `system_port` is unique to it on this host, `adb_port` is adb's server.

    FRESH is for the gateway as CLEAR: that the app was installed anew is the agent's deed.
    """

    serial: str
    system_port: int
    adb_port: int
    reset: ResetMode


@dataclass(frozen=True, kw_only=True)
class CapabilityRules:
    """How the capabilities of a platform are rewritten; names are without `appium:`.

    `quicker` is set as well once a session was created on this device: it skips what that one has prepared. It is
    left out when a test asks for anything in `needs_preparation`, which a skipped preparation would not do.
    """

    removed: frozenset[str]
    forced: Json
    quicker: Json
    needs_preparation: frozenset[str]


def android_rules(device: DeviceCapabilities) -> CapabilityRules:
    """For the UiAutomator2 driver: the app that the agent installed and proved, cleared or kept, never installed."""
    return CapabilityRules(
        # With `app` the driver would compare versions and install or skip by them; without, it takes what is there.
        removed=frozenset({"app", "platformVersion", "avd", "remoteAdbHost"}),
        forced={
            "udid": device.serial,
            "systemPort": device.system_port,
            "adbPort": device.adb_port,
            "suppressKillServer": True,
            "fullReset": False,
            "noReset": device.reset is ResetMode.KEEP,
        },
        quicker={"skipServerInstallation": True, "skipDeviceInitialization": True},
        needs_preparation=frozenset(
            {"language", "locale", "localeScript", "unicodeKeyboard", "hideKeyboard", "disableWindowAnimation"}
        ),
    )


def rewritten(body: object, rules: CapabilityRules, *, prepared: bool) -> dict[str, object]:
    """Rewrite the body of `POST /session`. Raises InvalidCapabilities."""
    if not isinstance(body, Mapping):
        raise InvalidCapabilities("the body is not a JSON object")
    made = dict(body)
    if "capabilities" not in body and "desiredCapabilities" not in body:
        raise InvalidCapabilities("the body has no capabilities")
    if "capabilities" in body:
        made["capabilities"] = _w3c(_object(body["capabilities"], "capabilities"), rules, prepared=prepared)
    if "desiredCapabilities" in body:
        legacy = _object(body["desiredCapabilities"], "desiredCapabilities")
        made["desiredCapabilities"] = _cleaned(legacy, rules) | _ours(rules, asked=[legacy], prepared=prepared)
    return made


def _w3c(capabilities: Json, rules: CapabilityRules, *, prepared: bool) -> Json:
    """Ours go into alwaysMatch alone: WebDriver refuses a name that is there and in firstMatch too."""
    always = _object(capabilities.get("alwaysMatch", {}), "alwaysMatch")
    first = capabilities.get("firstMatch", [{}])
    if not isinstance(first, list):
        raise InvalidCapabilities("firstMatch is not a list")
    choices = [_object(choice, "firstMatch") for choice in first]
    return {
        **capabilities,
        "alwaysMatch": _cleaned(always, rules) | _ours(rules, asked=[always, *choices], prepared=prepared),
        "firstMatch": [_cleaned(choice, rules) for choice in choices],
    }


def _ours(rules: CapabilityRules, *, asked: list[Json], prepared: bool) -> dict[str, object]:
    names = {_plain(name) for capabilities in asked for name in _all_names(capabilities)}
    quicker = rules.quicker if prepared and not names & rules.needs_preparation else {}
    return {_VENDOR + name: value for name, value in {**rules.forced, **quicker}.items()}


def _cleaned(capabilities: Json, rules: CapabilityRules) -> dict[str, object]:
    gone = rules.removed | rules.forced.keys() | rules.quicker.keys()
    kept = {name: value for name, value in capabilities.items() if _plain(name) not in gone}
    if isinstance(options := kept.get(_OPTIONS), Mapping):
        kept[_OPTIONS] = {name: value for name, value in options.items() if _plain(name) not in gone}
    return kept


def _all_names(capabilities: Json) -> set[str]:
    options = capabilities.get(_OPTIONS)
    return {*capabilities, *(options if isinstance(options, Mapping) else ())}


def _plain(name: str) -> str:
    return name.removeprefix(_VENDOR)


def _object(value: object, name: str) -> Json:
    if not isinstance(value, Mapping):
        raise InvalidCapabilities(f"{name} is not an object")
    return value
