"""Reads app models from JSON; an error names the place in the file and what is allowed there."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

from virtual_android.app.model import (
    AppModel,
    Condition,
    Crash,
    Element,
    Goto,
    If,
    Increment,
    Rule,
    Screen,
    StartChoice,
    Store,
    Unstore,
)

MAX_FILE_BYTES = 1 << 20
MAX_SCREENS = 200
MAX_ELEMENTS = 40
MAX_RULE_DEPTH = 8
_NAME_OF_TYPE = {str: "a text", bool: "true or false", int: "a whole number", dict: "an object", list: "a list"}
_CLASS_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
T = TypeVar("T")


class ModelError(Exception):
    """The model cannot be used; the message names the file, the place and what is allowed."""


def load_models(paths: list[Path]) -> dict[str, AppModel]:
    """Read every file; raises ModelError for the first thing that is wrong, and for a package that comes twice."""
    models: dict[str, AppModel] = {}
    for path in paths:
        try:
            text = path.read_bytes()[: MAX_FILE_BYTES + 1]
            if len(text) > MAX_FILE_BYTES:
                raise ModelError(f"{path}: larger than {MAX_FILE_BYTES} bytes")
            file = _Place(str(path), json.loads(text))
        except (OSError, ValueError, RecursionError) as error:
            raise ModelError(f"{path}: not readable as JSON: {error}") from error
        packages = file.keys()
        for package in packages:
            if package in models:
                raise ModelError(f"{path}: the package {package} has a model already")
            models[package] = _app(package, file.at(package))
    return models


class _Place:
    """A value in the file together with where it stands."""

    def __init__(self, where: str, value: object) -> None:
        self.where = where
        self.value = value

    def fail(self, message: str) -> ModelError:
        return ModelError(f"{self.where}: {message}")

    def expect(self, kind: type[T]) -> T:
        is_bool_for_int = kind is int and isinstance(self.value, bool)
        if not isinstance(self.value, kind) or is_bool_for_int:
            raise self.fail(f"must be {_NAME_OF_TYPE[kind]}, not {json.dumps(self.value)[:60]}")
        return self.value

    def keys(self) -> list[str]:
        return list(cast("dict[str, object]", self.expect(dict)))

    def only(self, *allowed: str) -> "_Place":
        for key in self.keys():
            if key not in allowed:
                raise self.fail(f"does not know {key!r}; allowed are {', '.join(allowed)}")
        return self

    def has(self, key: str) -> bool:
        return key in self.keys()

    def at(self, key: str) -> "_Place":
        if not self.has(key):
            raise self.fail(f"needs {key!r}")
        return _Place(f"{self.where} → {key}", cast("dict[str, object]", self.value)[key])

    def get(self, key: str, default: T) -> T:
        return self.at(key).expect(type(default)) if self.has(key) else default

    def items(self, limit: int) -> "Iterator[_Place]":
        values = cast("list[object]", self.expect(list))
        if len(values) > limit:
            raise self.fail(f"holds {len(values)} entries; at most {limit} are allowed")
        return (_Place(f"{self.where}[{number}]", value) for number, value in enumerate(values))


def _app(package: str, place: _Place) -> AppModel:
    place.only("start", "screens")
    screens = place.at("screens")
    names = frozenset(screens.keys())
    if not 0 < len(names) <= MAX_SCREENS:
        raise screens.fail(f"must hold 1 to {MAX_SCREENS} screens, not {len(names)}")
    return AppModel(
        package=package,
        start=_start(place.at("start"), names),
        screens={name: _screen(screens.at(name), names) for name in sorted(names)},
    )


def _start(place: _Place, names: frozenset[str]) -> tuple[StartChoice, ...]:
    if isinstance(place.value, str):
        return (StartChoice(screen=_screen_name(place, names), condition=None),)
    choices = tuple(_start_choice(choice, names) for choice in place.items(MAX_SCREENS))
    if not choices or choices[-1].condition:
        raise place.fail("must end with the name of a screen, for when no condition holds")
    return choices


def _start_choice(place: _Place, names: frozenset[str]) -> StartChoice:
    if isinstance(place.value, str):
        return StartChoice(screen=_screen_name(place, names), condition=None)
    place.only("if", "then")
    return StartChoice(screen=_screen_name(place.at("then"), names), condition=_condition(place.at("if")))


def _screen_name(place: _Place, names: frozenset[str]) -> str:
    name = place.expect(str)
    if name not in names:
        raise place.fail(f"names the screen {name!r}; there are {', '.join(sorted(names))}")
    return name


def _screen(place: _Place, names: frozenset[str]) -> Screen:
    place.only("elements", "back")
    elements = tuple(_element(element, names) for element in place.at("elements").items(MAX_ELEMENTS))
    return Screen(elements=elements, back=_screen_name(place.at("back"), names) if place.has("back") else None)


def _element(place: _Place, names: frozenset[str]) -> Element:
    place.only("class", "id", "text", "hint", "description", "enabled", "password", "when", "onclick")
    element = Element(
        class_name=place.at("class").expect(str),
        id=place.get("id", ""),
        text=place.get("text", ""),
        hint=place.get("hint", ""),
        description=place.get("description", ""),
        is_enabled=place.get("enabled", True),
        is_password=place.get("password", False),
        shown_when=_condition(place.at("when")) if place.has("when") else None,
        on_click=_rules(place.at("onclick"), names, depth=0) if place.has("onclick") else (),
    )
    if not _CLASS_NAME.fullmatch(element.class_name):
        raise place.fail(f"has the class {element.class_name!r}; give one such as android.widget.Button")
    if element.is_editable and not element.id:
        raise place.fail("is an EditText and needs an 'id': what is typed is kept under it")
    return element


def _condition(place: _Place) -> Condition:
    place.only("field", "stored", "equals", "version")
    condition = Condition(
        field=place.get("field", "") or None,
        stored=place.get("stored", "") or None,
        equals=str(place.at("equals").value) if place.has("equals") else None,
        version=place.get("version", "") or None,
    )
    if condition.field and condition.stored:
        raise place.fail("asks for a field and a stored value; nest two conditions instead")
    if not (condition.field or condition.stored or condition.version):
        raise place.fail("needs 'field', 'stored' or 'version'")
    return condition


def _rules(place: _Place, names: frozenset[str], *, depth: int) -> tuple[Rule, ...]:
    if depth > MAX_RULE_DEPTH:
        raise place.fail(f"nests conditions deeper than {MAX_RULE_DEPTH}")
    return tuple(_rule(rule, names, depth) for rule in place.items(MAX_ELEMENTS))


def _rule(place: _Place, names: frozenset[str], depth: int) -> Rule:
    for key, read in _RULES.items():
        if place.has(key):
            return read(place, names, depth)
    raise place.fail(f"is no rule; a rule has one of {', '.join(_RULES)}")


def _if(place: _Place, names: frozenset[str], depth: int) -> If:
    place.only("if", "then", "else")
    return If(
        condition=_condition(place.at("if")),
        then=_rules(place.at("then"), names, depth=depth + 1),
        otherwise=_rules(place.at("else"), names, depth=depth + 1) if place.has("else") else (),
    )


def _store(place: _Place, _names: frozenset[str], _depth: int) -> Store:
    place.only("store", "value", "from")
    if place.has("value") == place.has("from"):
        raise place.fail("needs either 'value' or 'from' (the id of a field)")
    if place.has("from"):
        return Store(name=place.at("store").expect(str), from_field=place.at("from").expect(str))
    value = place.at("value")
    return Store(
        name=place.at("store").expect(str),
        value=value.value if isinstance(value.value, str) else value.expect(int),
    )


def _crash(place: _Place, _names: frozenset[str], _depth: int) -> Crash:
    if place.only("crash").at("crash").value is not True:
        raise place.fail("takes only true as its 'crash'")
    return Crash()


_RULES: dict[str, Callable[[_Place, frozenset[str], int], Rule]] = {
    "goto": lambda place, names, _: Goto(screen=_screen_name(place.only("goto").at("goto"), names)),
    "if": _if,
    "store": _store,
    "increment": lambda place, _names, _: Increment(name=place.only("increment").at("increment").expect(str)),
    "unstore": lambda place, _names, _: Unstore(name=place.only("unstore").at("unstore").expect(str)),
    "crash": _crash,
}
