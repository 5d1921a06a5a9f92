"""UiAutomator2's server over HTTP, reached as the driver reaches it: through a port that adb forwards."""

import base64
import json
import struct
import subprocess
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from tests.virtual_android.adb import AdbDevice, wait_until

PACKAGE = "com.example.shop"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PRESS, RELEASE = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
SERVER_APKS = ("uiautomator2-server.apk", "uiautomator2-server-test.apk")


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    value: object

    @property
    def error(self) -> str:
        return cast("dict[str, str]", self.value)["error"]


@dataclass(frozen=True, kw_only=True)
class Http:
    port: int

    def call(self, method: str, path: str, body: object = None) -> Reply:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=data)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return Reply(status=response.status, value=json.load(response)["value"])
        except urllib.error.HTTPError as error:
            with error:
                return Reply(status=error.code, value=json.load(error)["value"])


@dataclass(frozen=True, kw_only=True)
class Session:
    http: Http
    path: str

    def get(self, path: str) -> object:
        return self.http.call("GET", self.path + path).value

    def post(self, path: str, body: object) -> Reply:
        return self.http.call("POST", self.path + path, body)

    def find(self, name: str) -> str:
        found = self.post("/element", {"strategy": "id", "selector": name, "context": "", "multiple": False})
        assert found.status == 200, found.value
        return cast("dict[str, str]", found.value)[ELEMENT]

    def click(self, name: str) -> None:
        assert self.post(f"/element/{self.find(name)}/click", {}).status == 200

    def text(self, name: str) -> object:
        return self.get(f"/element/{self.find(name)}/text")


@pytest.fixture
def http(device: AdbDevice, shop: Path) -> Iterator[Http]:
    folder = Path(__file__).parent
    for apk in (shop / "shop-1.2.3.apk", *(folder / name for name in SERVER_APKS)):
        assert device.run("install", str(apk)).code == 0
    port = int(device.run("forward", "tcp:0", "tcp:6790").out)
    line = "am instrument -w io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner"
    argv = device.adb.argv("-s", device.serial, "shell", line)
    with subprocess.Popen(argv, env=device.adb.environment, stdout=subprocess.PIPE, text=True) as instrumentation:
        assert instrumentation.stdout is not None
        assert instrumentation.stdout.readline().startswith("INSTRUMENTATION_STATUS: class=io.appium")
        yield Http(port=port)
        instrumentation.terminate()


@pytest.fixture
def session(device: AdbDevice, http: Http) -> Session:
    launcher = device.shell(f"cmd package resolve-activity --brief {PACKAGE}").out.splitlines()[1]
    device.shell(f"am start-activity -n {launcher}")
    capabilities = {"firstMatch": [{"appPackage": PACKAGE}], "alwaysMatch": {}}
    began = http.call("POST", "/session", {"capabilities": capabilities})
    return Session(http=http, path=f"/session/{cast('dict[str, str]', began.value)['sessionId']}")


def test_the_server_is_ready_once_the_instrumentation_runs(http: Http) -> None:
    assert cast("dict[str, object]", http.call("GET", "/status").value)["ready"] is True


def test_a_test_clicks_types_and_reads(device: AdbDevice, session: Session) -> None:
    session.click("skip_tour")
    session.post(f"/element/{session.find('email')}/value", {"text": "ann@example.com", "replace": False})
    session.post(f"/element/{session.find('password')}/value", {"value": list("correct horse")})
    session.click("sign_in")

    assert session.text("greeting") == "Hello ann@example.com"
    assert device.counters()["sessions"] == {PACKAGE: 1}


def test_keys_go_to_the_field_that_was_clicked(session: Session) -> None:
    session.click("skip_tour")
    session.click("email")
    keys = [{"type": "keyDown", "value": letter} for letter in "an\ue007n"]

    session.post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    assert session.text("email") == "ann"
    session.post(f"/element/{session.find('email')}/clear", {})
    assert session.text("email") == "E-mail address"


def test_a_pointer_clicks_what_lies_under_it_and_a_swipe_does_not(session: Session) -> None:
    rect = cast("dict[str, int]", session.get(f"/element/{session.find('skip_tour')}/rect"))
    move = {"type": "pointerMove", "x": rect["x"] + 5, "y": rect["y"] + 5, "origin": "viewport"}

    away = {"type": "pointerMove", "x": rect["x"] + 5, "y": 2_300, "origin": "viewport"}

    session.post("/actions", {"actions": [{"type": "pointer", "actions": [move, PRESS, away, RELEASE]}]})
    assert session.text("tour_title") == "Welcome to Example Shop"
    session.post("/actions", {"actions": [{"type": "pointer", "actions": [move, PRESS, RELEASE]}]})
    assert session.text("title") == "Sign in"


def test_a_gesture_clicks_an_element_or_a_point(session: Session) -> None:
    origin = {ELEMENT: session.find("next")}
    session.post("/appium/gestures/click", {"origin": origin})
    assert session.text("tour_title") == "Delivered in two days"

    rect = cast("dict[str, int]", session.get(f"/element/{session.find('skip_tour')}/rect"))
    session.post("/appium/gestures/click", {"offset": {"x": rect["x"] + 1, "y": rect["y"] + 1}})

    assert session.text("title") == "Sign in"


def test_the_back_key_leads_back_and_then_out_of_the_app(device: AdbDevice, session: Session) -> None:
    session.click("next")
    session.post("/back", {})
    assert session.text("tour_title") == "Welcome to Example Shop"

    session.post("/appium/device/press_keycode", {"keycode": 4})

    assert "com.android.launcher3" in device.shell("dumpsys window").out


def test_an_element_of_another_screen_is_stale(session: Session) -> None:
    element = session.find("skip_tour")
    session.click("skip_tour")

    reply = session.post(f"/element/{element}/click", {})

    assert (reply.status, reply.error) == (404, "stale element reference")


def test_clearing_the_app_forgets_what_it_stored(device: AdbDevice, session: Session) -> None:
    session.click("skip_tour")
    launcher = device.shell(f"cmd package resolve-activity --brief {PACKAGE}").out.splitlines()[1]
    device.shell(f"am start-activity -S -n {launcher}")
    assert session.text("title") == "Sign in"

    device.shell(f"pm clear {PACKAGE}")
    device.shell(f"am start-activity -S -n {launcher}")

    assert session.text("tour_title") == "Welcome to Example Shop"


def test_errors_have_their_webdriver_names(session: Session) -> None:
    unknown = session.http.call("GET", "/session/nonsense/source")
    absent = session.post("/element", {"strategy": "id", "selector": "nothing"})
    wrong = session.post("/element", {"strategy": "-android uiautomator", "selector": "nonsense"})
    bare = session.post("/element", {})
    strange = session.post("/moonwalk", {})

    assert (unknown.status, unknown.error) == (404, "invalid session id")
    assert (absent.status, absent.error) == (404, "no such element")
    assert (wrong.status, wrong.error) == (400, "invalid selector")
    assert (bare.status, bare.error) == (400, "invalid argument")
    assert (strange.status, strange.error) == (404, "unknown command")


def test_the_source_shows_the_elements(session: Session) -> None:
    source = str(session.get("/source"))

    assert source.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy ")
    assert 'text="Welcome to Example Shop" resource-id="com.example.shop:id/tour_title"' in source


def test_the_screenshot_is_a_png_of_the_devices_size(session: Session) -> None:
    png = base64.b64decode(str(session.get("/screenshot")))

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1080, 2400)
    start = png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", png[start - 8 : start - 4])
    assert len(zlib.decompress(png[start : start + length])) == 2400 * (1 + 1080)


def test_the_server_ends_with_its_session(device: AdbDevice, session: Session) -> None:
    assert session.http.call("DELETE", session.path).status == 200

    wait_until(lambda: device.shell("pidof io.appium.uiautomator2.server").code == 1)
    assert [event["package"] for event in device.events("session_ended")] == [PACKAGE]


def test_the_server_ends_when_it_is_stopped(device: AdbDevice, http: Http) -> None:
    device.shell("am force-stop io.appium.uiautomator2.server")

    with pytest.raises((ConnectionError, urllib.error.URLError)):
        http.call("GET", "/status")
