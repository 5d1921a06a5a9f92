import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_android.app.model import Element
from virtual_android.uiautomator2.answers import InvalidSelectorError
from virtual_android.uiautomator2.instrumentation import ElementKey
from virtual_android.uiautomator2.screen import Bounds, Snapshot, View
from virtual_android.uiautomator2.selectors import find_views, parse_ui_selector

PACKAGE = "com.example.app"


def view(number: int, class_name: str, *, name: str, text: str, description: str = "", enabled: bool = True) -> View:
    element = Element(
        class_name=class_name,
        id=name,
        text=text,
        hint="",
        description=description,
        is_enabled=enabled,
        is_password=False,
        shown_when=None,
        on_click=(),
    )
    return View(
        key=ElementKey(package=PACKAGE, screen="home", number=number),
        class_name=class_name,
        text=text,
        resource_id=f"{PACKAGE}:id/{name}",
        bounds=Bounds(left=0, top=number * 100, right=1080, bottom=number * 100 + 90),
        element=element,
    )


SNAPSHOT = Snapshot(
    views=(
        view(0, "android.widget.FrameLayout", name="root", text=""),
        view(1, "android.widget.TextView", name="title", text='Say "hello"'),
        view(2, "android.widget.Button", name="pay", text="Pay now", description="Pays"),
        view(3, "android.widget.Button", name="pay_later", text="Pay later", enabled=False),
    )
)


def found(strategy: str, selector: str) -> list[int]:
    return [view.key.number for view in find_views(SNAPSHOT, strategy=strategy, selector=selector)]


@pytest.mark.parametrize(
    ("strategy", "selector", "numbers"),
    [
        ("-android uiautomator", 'new UiSelector().text("Pay now")', [2]),
        ("-android uiautomator", 'new UiSelector().textContains("pay")', [2, 3]),
        ("-android uiautomator", 'new UiSelector().textStartsWith("say")', [1]),
        ("-android uiautomator", 'new UiSelector().textMatches("Pay \\\\w+")', [2, 3]),
        ("-android uiautomator", 'new UiSelector().text("Say \\"hello\\"");', [1]),
        ("-android uiautomator", f'new UiSelector().resourceId("{PACKAGE}:id/pay")', [2]),
        ("-android uiautomator", 'new UiSelector().resourceIdMatches(".*pay.*").enabled(false)', [3]),
        ("-android uiautomator", 'new UiSelector().className("android.widget.Button").instance(1)', [3]),
        ("-android uiautomator", 'UiSelector().description("Pays")', [2]),
        ("-android uiautomator", 'textContains("later")', [3]),
        ("-android uiautomator", 'resourceIdMatches(".*pay").enabled(true);', [2]),
        ("-android uiautomator", 'new UiSelector().text("absent")', []),
        ("xpath", "//android.widget.Button", [2, 3]),
        ("xpath", '//*[contains(@text, "later")]', [3]),
        ("xpath", "/hierarchy/*", [0]),
        ("xpath", "//*[@clickable='maybe']", []),
        ("id", "pay", [2]),
        ("id", f"{PACKAGE}:id/pay_later", [3]),
        ("accessibility id", "Pays", [2]),
        ("class name", "android.widget.TextView", [1]),
    ],
)
def test_selectors_find_what_they_mean(strategy: str, selector: str, numbers: list[int]) -> None:
    assert found(strategy, selector) == numbers


@pytest.mark.parametrize(
    ("strategy", "selector"),
    [
        ("-android uiautomator", "text('x')"),
        ("-android uiautomator", ""),
        ("-android uiautomator", 'new UiSelector().colour("red")'),
        ("-android uiautomator", "new UiSelector().enabled(1)"),
        ("-android uiautomator", 'new UiSelector().childSelector(new UiSelector().text("x"))'),
        ("-android uiautomator", 'new UiSelector().textMatches("(")'),
        ("-android uiautomator", 'new UiSelector().text("open'),
        ("xpath", "//*["),
        ("xpath", "count(//*)"),
        ("css selector", "button"),
        ("id", "x" * 5_000),
    ],
)
def test_what_cannot_be_understood_is_an_invalid_selector(strategy: str, selector: str) -> None:
    with pytest.raises(InvalidSelectorError):
        found(strategy, selector)


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_parsed_or_refused_as_an_invalid_selector(text: str) -> None:
    with contextlib.suppress(InvalidSelectorError):
        parse_ui_selector(text)


@settings(deadline=None)
@given(text=st.text(max_size=30))
def test_a_quoted_text_finds_exactly_itself(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    only = view(1, "android.widget.TextView", name="it", text=text)

    assert parse_ui_selector(f'new UiSelector().resourceIdMatches(".*it").text("{quoted}")').pick([only]) == [only]


@settings(deadline=None)
@given(text=st.text(st.characters(), max_size=30))
def test_whatever_is_typed_the_screen_can_be_written_as_xml(text: str) -> None:
    snapshot = Snapshot(views=(view(0, "android.widget.EditText", name="it", text=text),))

    assert find_views(snapshot, strategy="xpath", selector="//*") == [*snapshot.views]
