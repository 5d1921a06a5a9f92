"""Endpoints about elements: find, read, click, type."""

from collections.abc import Mapping

from virtual_android.uiautomator2.answers import JSON, InvalidArgumentError, NoSuchElementError
from virtual_android.uiautomator2.call import Call, Endpoint
from virtual_android.uiautomator2.screen import View
from virtual_android.uiautomator2.selectors import find_views

W3C_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_ATTRIBUTE_ALIASES = {
    "className": "class",
    "contentDescription": "content-desc",
    "name": "content-desc",
    "resourceId": "resource-id",
}


def _find(call: Call) -> list[View]:
    return find_views(call.look(), strategy=call.text("strategy", "using"), selector=call.text("selector", "value"))


def _reference(call: Call, view: View) -> JSON:
    element_id = call.session.remember(view.key)
    return {W3C_ELEMENT: element_id, "ELEMENT": element_id}


def _find_element(call: Call) -> JSON:
    found = _find(call)
    if not found:
        raise NoSuchElementError("An element could not be located on the page using the given search parameters")
    return _reference(call, found[0])


def _find_elements(call: Call) -> JSON:
    return [_reference(call, view) for view in _find(call)]


def _active_element(call: Call) -> JSON:
    focused = next((view for view in call.look().views if view.is_focused), None)
    if focused is None:
        raise NoSuchElementError("No element has the focus")
    return _reference(call, focused)


def _click(call: Call, element_id: str) -> JSON:
    call.click(call.view(element_id))
    return None


def _type(call: Call, element_id: str) -> JSON:
    view = call.view(element_id)
    if call.app and view.element:
        call.app.type_into(view.element, call.text("text", "value"), replaces=call.body.get("replace") is True)
    return None


def _clear(call: Call, element_id: str) -> JSON:
    view = call.view(element_id)
    if call.app and view.element:
        call.app.type_into(view.element, "", replaces=True)
    return None


def _text(call: Call, element_id: str) -> JSON:
    return call.view(element_id).text


def _attribute(call: Call, element_id: str, name: str) -> JSON:
    attributes = call.view(element_id).attributes()
    attribute = _ATTRIBUTE_ALIASES.get(name, name)
    if attribute not in attributes:
        raise InvalidArgumentError(f"'{name}' attribute is unknown for the element. Known are {', '.join(attributes)}")
    return attributes[attribute]


def _name(call: Call, element_id: str) -> JSON:
    return _attribute(call, element_id, "content-desc")


def _flag(name: str) -> Endpoint:
    return lambda call, element_id: _attribute(call, element_id, name) == "true"


def _rect(call: Call, element_id: str) -> JSON:
    bounds = call.view(element_id).bounds
    width, height = bounds.right - bounds.left, bounds.bottom - bounds.top
    return {"x": bounds.left, "y": bounds.top, "width": width, "height": height}


ELEMENT_ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "/element"): _find_element,
    ("POST", "/elements"): _find_elements,
    ("GET", "/element/active"): _active_element,
    ("POST", "/element/:id/click"): _click,
    ("POST", "/element/:id/value"): _type,
    ("POST", "/element/:id/clear"): _clear,
    ("GET", "/element/:id/text"): _text,
    ("GET", "/element/:id/name"): _name,
    ("GET", "/element/:id/attribute/:name"): _attribute,
    ("GET", "/element/:id/displayed"): _flag("displayed"),
    ("GET", "/element/:id/enabled"): _flag("enabled"),
    ("GET", "/element/:id/selected"): _flag("selected"),
    ("GET", "/element/:id/rect"): _rect,
    ("GET", "/element/:id/location"): _rect,
    ("GET", "/element/:id/size"): _rect,
}
