"""Endpoints about the device as a whole: facts, source and screenshot, gestures, keys, settings."""

import base64
from collections.abc import Mapping

from lxml import etree

from virtual_android.uiautomator2.answers import JSON, InvalidArgumentError, NoAlertError
from virtual_android.uiautomator2.call import Call, Endpoint, number
from virtual_android.uiautomator2.element_endpoints import W3C_ELEMENT
from virtual_android.uiautomator2.png import draw
from virtual_android.uiautomator2.screen import HEIGHT, STATUS_BAR_HEIGHT, WIDTH

DENSITY_DPI = 420
KEY_BACK, KEY_HOME = 4, 3
MAX_ACTIONS = 10_000
SPECIAL_KEYS = frozenset(map(chr, range(0xE000, 0xE060)))
"""WebDriver's private letters for keys such as Shift and Enter: no field of these apps does anything with them."""


def _source(call: Call) -> JSON:
    text = etree.tostring(call.look().as_xml(), encoding="unicode")
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>{text}"


def _screenshot(call: Call) -> JSON:
    return base64.b64encode(draw(call.look())).decode()


def _window_size(_call: Call) -> JSON:
    return {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}


def _device_info(call: Call) -> JSON:
    identity = call.device.identity
    return {
        "androidId": "0000000000000000",
        "apiVersion": str(identity.sdk),
        "bluetooth": {"state": "OFF"},
        "brand": "virtual",
        "carrierName": "",
        "displayDensity": DENSITY_DPI,
        "locale": "en_US",
        "manufacturer": "Virtual",
        "model": identity.name,
        "networks": [],
        "platformVersion": identity.release,
        "realDisplaySize": f"{WIDTH}x{HEIGHT}",
        "timeZone": "UTC",
    }


def _system_bars(_call: Call) -> JSON:
    return {"statusBar": STATUS_BAR_HEIGHT, "navigationBar": {"visible": False, "height": 0}}


def _click_gesture(call: Call) -> JSON:
    origin = call.body.get("origin")
    if isinstance(origin, dict):
        call.click(call.view(str(origin.get(W3C_ELEMENT))))
        return None
    offset = call.body.get("offset")
    point = offset if isinstance(offset, dict) else call.body
    call.click(call.look().at(number(point.get("x")), number(point.get("y"))))
    return None


def _scroll_gesture(_call: Call) -> JSON:
    return False  # screens are never longer than the display: nothing is left to scroll to


def _back(call: Call) -> JSON:
    if call.app:
        call.device.after(call.app.back())
    else:
        call.device.activities.show_home()
    return None


def _press_key(call: Call) -> JSON:
    key = number(call.body.get("keycode"))
    if key == KEY_BACK:
        return _back(call)
    if key == KEY_HOME:
        call.device.activities.show_home()
    return None


def _perform_actions(call: Call) -> JSON:
    sources = call.body.get("actions")
    if not isinstance(sources, list):
        raise InvalidArgumentError("the body needs a list as actions")
    for source in sources:
        actions = source.get("actions") if isinstance(source, dict) else None
        if not isinstance(source, dict) or not isinstance(actions, list) or len(actions) > MAX_ACTIONS:
            raise InvalidArgumentError(f"an input source needs a list of at most {MAX_ACTIONS} actions")
        steps = [action for action in actions if isinstance(action, dict)]
        if source.get("type") == "key":
            _type_keys(call, steps)
        elif source.get("type") == "pointer":
            _tap_pointer(call, steps)
    return None


def _type_keys(call: Call, steps: list[dict[str, JSON]]) -> None:
    keys = [str(step.get("value", "")) for step in steps if step.get("type") == "keyDown"]
    if call.app and call.app.focused:
        call.app.type_into(call.app.focused, "".join(key for key in keys if key not in SPECIAL_KEYS))


def _tap_pointer(call: Call, steps: list[dict[str, JSON]]) -> None:
    """Click where the pointer goes down and up again; a swipe changes nothing on screens that never scroll."""
    x = y = 0
    down = (-1, -1)
    for step in steps:
        if step.get("type") == "pointerMove":
            x, y = number(step.get("x", 0)), number(step.get("y", 0))
            origin = step.get("origin")
            if isinstance(origin, dict):
                bounds = call.view(str(origin.get(W3C_ELEMENT))).bounds
                x, y = x + (bounds.left + bounds.right) // 2, y + (bounds.top + bounds.bottom) // 2
        elif step.get("type") == "pointerDown":
            down = x, y
        elif step.get("type") == "pointerUp" and down == (x, y):
            call.click(call.look().at(x, y))


def _no_alert(_call: Call) -> JSON:
    raise NoAlertError("no alert is open")


def _fixed(value: JSON) -> Endpoint:
    return lambda _call: value


def _gesture(_call: Call, _name: str) -> JSON:
    return None


DEVICE_ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("GET", "/source"): _source,
    ("GET", "/screenshot"): _screenshot,
    ("GET", "/window/rect"): _window_size,
    ("GET", "/window/current/size"): _window_size,
    ("GET", "/orientation"): _fixed("PORTRAIT"),
    ("GET", "/rotation"): _fixed({"x": 0, "y": 0, "z": 0}),
    ("GET", "/appium/device/info"): _device_info,
    ("GET", "/appium/device/pixel_ratio"): _fixed(DENSITY_DPI / 160),
    ("GET", "/appium/device/display_density"): _fixed(DENSITY_DPI),
    ("GET", "/appium/device/system_bars"): _system_bars,
    ("GET", "/appium/device/battery_info"): _fixed({"level": 1, "status": 2}),
    ("POST", "/appium/device/press_keycode"): _press_key,
    ("GET", "/appium/settings"): _fixed({}),
    ("POST", "/appium/settings"): _fixed(None),
    ("POST", "/appium/gestures/click"): _click_gesture,
    ("POST", "/appium/gestures/scroll"): _scroll_gesture,
    ("POST", "/appium/gestures/:name"): _gesture,
    ("POST", "/actions"): _perform_actions,
    ("DELETE", "/actions"): _fixed(None),
    ("POST", "/back"): _back,
    ("GET", "/alert/text"): _no_alert,
    ("POST", "/alert/accept"): _no_alert,
    ("POST", "/alert/dismiss"): _no_alert,
    ("POST", "/timeouts"): _fixed(None),
    ("POST", "/timeouts/implicit_wait"): _fixed(None),
}
