"""The rules of an app model at work."""

import json
from pathlib import Path

import pytest

from virtual_android.app.model import AppModel, Element
from virtual_android.app.reading import load_models
from virtual_android.app.running import Outcome, RunningApp

MODEL = {
    "com.example.app": {
        "start": [{"if": {"stored": "user"}, "then": "home"}, "login"],
        "screens": {
            "login": {
                "elements": [
                    {"class": "android.widget.EditText", "id": "name", "hint": "Name"},
                    {"class": "android.widget.EditText", "id": "secret", "password": True},
                    {
                        "class": "android.widget.Button",
                        "id": "enter",
                        "onclick": [
                            {
                                "if": {"field": "secret", "equals": "1234"},
                                "then": [{"store": "user", "from": "name"}, {"goto": "home"}],
                                "else": [{"store": "failed", "value": "yes"}],
                            }
                        ],
                    },
                ]
            },
            "home": {
                "back": "login",
                "elements": [
                    {"class": "android.widget.TextView", "id": "hello", "text": "Hello ${user}, ${taps:no} taps"},
                    {"class": "android.widget.Button", "id": "tap", "onclick": [{"increment": "taps"}]},
                    {"class": "android.widget.Button", "id": "out", "onclick": [{"unstore": "user"}]},
                    {"class": "android.widget.Button", "id": "die", "onclick": [{"crash": True}]},
                    {"class": "android.widget.Button", "id": "off", "enabled": False, "onclick": [{"crash": True}]},
                    {"class": "android.widget.TextView", "id": "new", "text": "v${version}", "when": {"version": "2"}},
                ],
            },
        },
    }
}


@pytest.fixture
def model(tmp_path: Path) -> AppModel:
    (tmp_path / "app.json").write_text(json.dumps(MODEL))
    return load_models([tmp_path / "app.json"])["com.example.app"]


def element(app: RunningApp, name: str) -> Element:
    return next(element for _, element in app.shown() if element.id == name)


def test_a_right_password_opens_the_home_screen_and_is_remembered(model: AppModel) -> None:
    data: dict[str, str | int] = {}
    app = RunningApp(model, data=data, version="1")
    app.type_into(element(app, "name"), "An")
    app.type_into(element(app, "name"), "na")
    app.type_into(element(app, "secret"), "1234")

    app.click(element(app, "enter"))

    assert app.screen_name == "home"
    assert data == {"user": "Anna"}
    assert RunningApp(model, data=data, version="1").screen_name == "home"


def test_a_wrong_password_takes_the_other_branch(model: AppModel) -> None:
    data: dict[str, str | int] = {}
    app = RunningApp(model, data=data, version="1")

    app.click(element(app, "enter"))

    assert (app.screen_name, data) == ("login", {"failed": "yes"})


def test_fields_show_their_hint_then_what_was_typed_and_passwords_only_dots(model: AppModel) -> None:
    app = RunningApp(model, data={}, version="1")
    assert app.text_of(element(app, "name")) == "Name"

    app.type_into(element(app, "name"), "Anna")
    app.type_into(element(app, "secret"), "1234")

    assert app.text_of(element(app, "name")) == "Anna"
    assert app.text_of(element(app, "secret")) == "••••"


def test_texts_show_stored_values(model: AppModel) -> None:
    app = RunningApp(model, data={"user": "Anna"}, version="1")
    assert app.text_of(element(app, "hello")) == "Hello Anna, no taps"

    app.click(element(app, "tap"))
    app.click(element(app, "tap"))

    assert app.text_of(element(app, "hello")) == "Hello Anna, 2 taps"


def test_an_element_of_one_version_is_shown_in_that_version_only(model: AppModel) -> None:
    old, new = (RunningApp(model, data={"user": "Anna"}, version=version) for version in ("1", "2"))

    assert "new" not in {shown.id for _, shown in old.shown()}
    assert new.text_of(element(new, "new")) == "v2"


def test_a_crash_is_told(model: AppModel) -> None:
    app = RunningApp(model, data={"user": "Anna"}, version="1")

    assert app.click(element(app, "die")) is Outcome.CRASHED


def test_a_disabled_element_does_nothing(model: AppModel) -> None:
    app = RunningApp(model, data={"user": "Anna"}, version="1")

    assert app.click(element(app, "off")) is Outcome.RUNNING


def test_back_leads_where_the_screen_says_and_else_out_of_the_app(model: AppModel) -> None:
    app = RunningApp(model, data={"user": "Anna"}, version="1")

    assert app.back() is Outcome.RUNNING
    assert app.screen_name == "login"
    assert app.back() is Outcome.LEFT
