"""Finds views by the selectors of UiAutomator2's server: UiSelector chains, XPath, ids, descriptions, classes.

Of UiSelector the methods that look at one view are understood; childSelector, fromParent and UiScrollable are refused
as invalid selectors, and so is everything that does not parse.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree

from virtual_android.uiautomator2.answers import InvalidSelectorError
from virtual_android.uiautomator2.screen import Snapshot, View

MAX_SELECTOR = 4_096


def find_views(snapshot: Snapshot, *, strategy: str, selector: str) -> list[View]:
    """Give the matching views in document order; raises InvalidSelectorError."""
    if len(selector) > MAX_SELECTOR:
        raise InvalidSelectorError(f"a selector of {len(selector)} characters; at most {MAX_SELECTOR} are taken")
    match strategy:
        case "-android uiautomator":
            return parse_ui_selector(selector).pick(snapshot.views)
        case "xpath":
            return _by_xpath(snapshot, selector)
        case "id":
            return [
                view for view in snapshot.views if selector in {view.resource_id, view.resource_id.partition("/")[2]}
            ]
        case "accessibility id":
            return [view for view in snapshot.views if view.attributes()["content-desc"] == selector]
        case "class name":
            return [view for view in snapshot.views if view.class_name == selector]
        case _:
            raise InvalidSelectorError(f"the locator strategy {strategy!r} is not supported")


def _by_xpath(snapshot: Snapshot, expression: str) -> list[View]:
    tree = snapshot.as_xml()
    try:
        found = tree.xpath(expression)
    except etree.XPathError as error:
        raise InvalidSelectorError(f"{expression!r} is no XPath: {error}") from error
    if not isinstance(found, list):
        raise InvalidSelectorError(f"{expression!r} gives no elements")
    views = dict(zip(list(tree.iter())[1:], snapshot.views, strict=True))
    return [views[node] for node in found if etree.iselement(node) and node in views]


@dataclass(frozen=True, kw_only=True)
class UiSelector:
    """All conditions hold; `instance` picks one of the hits."""

    conditions: tuple[Callable[[View], bool], ...]
    instance: int | None = None

    def pick(self, views: Iterable[View]) -> list[View]:
        """Give the views that the selector means."""
        hits = [view for view in views if all(condition(view) for condition in self.conditions)]
        return hits if self.instance is None else hits[self.instance : self.instance + 1]


_CALL = re.compile(r"""\s*\.\s*(?P<method>\w+)\s*\(\s*(?P<argument>"(?:[^"\\]|\\.)*"|-?\d{1,9}|true|false)\s*\)""")
_HEAD = re.compile(r"\s*(?:new\s+)?UiSelector\s*\(\s*\)")
_TAIL = re.compile(r"[\s;]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_JAVA_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}

_TEXT_ATTRIBUTES = {
    "className": "class",
    "description": "content-desc",
    "packageName": "package",
    "resourceId": "resource-id",
    "text": "text",
}
_FLAG_ATTRIBUTES = {
    "checkable": "checkable",
    "checked": "checked",
    "clickable": "clickable",
    "enabled": "enabled",
    "focusable": "focusable",
    "focused": "focused",
    "longClickable": "long-clickable",
    "scrollable": "scrollable",
    "selected": "selected",
}
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "": lambda value, wanted: value == wanted,
    "Contains": lambda value, wanted: wanted.lower() in value.lower(),
    "StartsWith": lambda value, wanted: value.lower().startswith(wanted.lower()),
    "Matches": lambda value, wanted: re.fullmatch(wanted, value, re.DOTALL) is not None,
}


def parse_ui_selector(text: str) -> UiSelector:
    """Read `new UiSelector().method(argument)…`; raises InvalidSelectorError saying where it stopped.

    As in UiAutomator2's own server `new UiSelector().` may be left out, as Appwright does.
    """
    head = _HEAD.match(text)
    position = head.end() if head else 0
    text = text if head else f".{text}"
    conditions: list[Callable[[View], bool]] = []
    instance: int | None = None
    while call := _CALL.match(text, position):
        position = call.end()
        argument = _argument(call["argument"])
        if call["method"] == "instance" and isinstance(argument, int) and argument >= 0:
            instance = argument
        else:
            conditions.append(_condition(call["method"], argument))
    if not _TAIL.fullmatch(text, position):
        raise InvalidSelectorError(f"{text!r} could not be parsed from {text[position : position + 40]!r} on")
    return UiSelector(conditions=tuple(conditions), instance=instance)


def _argument(text: str) -> str | int | bool:
    if text.startswith('"'):
        return _ESCAPE.sub(lambda match: _JAVA_ESCAPES.get(match[1], match[1]), text[1:-1])
    return text == "true" if text in {"true", "false"} else int(text)


def _condition(method: str, argument: str | bool | int) -> Callable[[View], bool]:
    if isinstance(argument, bool) and method in _FLAG_ATTRIBUTES:
        attribute, flag = _FLAG_ATTRIBUTES[method], "true" if argument else "false"
        return lambda view: view.attributes()[attribute] == flag
    if isinstance(argument, int) and method == "index":
        return lambda view: view.attributes()["index"] == str(argument)
    if isinstance(argument, str):
        for suffix, compare in _COMPARISONS.items():
            name = _TEXT_ATTRIBUTES.get(method.removesuffix(suffix)) if method.endswith(suffix) else None
            if name is not None:
                return _text_condition(name, compare, argument, is_pattern=suffix == "Matches")
    raise InvalidSelectorError(f"UiSelector has no method {method} that takes {argument!r} here")


def _text_condition(
    attribute: str, compare: Callable[[str, str], bool], wanted: str, *, is_pattern: bool
) -> Callable[[View], bool]:
    if is_pattern:
        try:
            re.compile(wanted)
        except re.error as error:
            raise InvalidSelectorError(f"{wanted!r} is no regular expression: {error}") from error
    return lambda view: compare(view.attributes()[attribute], wanted)
