"""One running instance of an app: which screen it shows, what was typed, and what a click changes."""

import re
from collections.abc import MutableMapping
from enum import Enum, auto
from typing import assert_never

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
    Store,
    Unstore,
)

MAX_TYPED = 10_000
_PLACEHOLDER = re.compile(r"\$\{(\w+)(?::([^}]*))?\}")


class Outcome(Enum):
    """What a deed of the user left of the app."""

    RUNNING = auto()
    LEFT = auto()
    CRASHED = auto()


class RunningApp:
    """Between a cold start and the end of the process; `data` is the app's stored data, which outlives it."""

    def __init__(self, model: AppModel, *, data: MutableMapping[str, str | int], version: str) -> None:
        self._model = model
        self._data = data
        self._version = version
        self._typed: dict[str, str] = {}
        self.focused: Element | None = None
        self.screen_name = next(
            choice.screen for choice in model.start if choice.condition is None or self._holds(choice.condition)
        )

    @property
    def screen(self) -> Screen:
        """The screen that is shown."""
        return self._model.screens[self.screen_name]

    def shown(self) -> list[tuple[int, Element]]:
        """Give the elements that are visible now, each with its number on the screen."""
        return [
            (number, element)
            for number, element in enumerate(self.screen.elements)
            if element.shown_when is None or self._holds(element.shown_when)
        ]

    def text_of(self, element: Element) -> str:
        """Give what the element shows: what was typed, else its hint, else its text with stored values filled in."""
        if element.is_editable:
            typed = self._typed.get(element.id, "")
            return ("•" * len(typed) if element.is_password else typed) or element.hint
        return _PLACEHOLDER.sub(lambda match: self._value(match[1], match[2] or ""), element.text)

    def type_into(self, element: Element, text: str, *, replaces: bool = False) -> None:
        """Type at the end of the field; a view that is no field takes nothing."""
        if element.is_editable and element.is_enabled:
            before = "" if replaces else self._typed.get(element.id, "")
            self._typed[element.id] = (before + text)[:MAX_TYPED]

    def click(self, element: Element) -> Outcome:
        """Follow the rules of the element."""
        if not element.is_enabled:
            return Outcome.RUNNING
        if element.is_editable:
            self.focused = element
        return self._follow(element.on_click)

    def back(self) -> Outcome:
        """Do what the back key does."""
        if self.screen.back is None:
            return Outcome.LEFT
        self._go_to(self.screen.back)
        return Outcome.RUNNING

    def _follow(self, rules: tuple[Rule, ...]) -> Outcome:
        for rule in rules:
            match rule:
                case Goto():
                    self._go_to(rule.screen)
                case Store():
                    self._data[rule.name] = self._typed.get(rule.from_field, "") if rule.from_field else rule.value
                case Increment():
                    before = self._data.get(rule.name, 0)
                    self._data[rule.name] = (before if isinstance(before, int) else 0) + 1
                case Unstore():
                    self._data.pop(rule.name, None)
                case Crash():
                    return Outcome.CRASHED
                case If():
                    outcome = self._follow(rule.then if self._holds(rule.condition) else rule.otherwise)
                    if outcome is not Outcome.RUNNING:
                        return outcome
                case _:
                    assert_never(rule)
        return Outcome.RUNNING

    def _go_to(self, screen: str) -> None:
        self.screen_name = screen
        self._typed = {}
        self.focused = None

    def _holds(self, condition: Condition) -> bool:
        if condition.version is not None and condition.version != self._version:
            return False
        if condition.field is not None:
            return self._matches(self._typed.get(condition.field), condition.equals)
        if condition.stored is not None:
            return self._matches(self._data.get(condition.stored), condition.equals)
        return True

    @staticmethod
    def _matches(value: str | int | None, wanted: str | None) -> bool:
        return bool(value) if wanted is None else str("" if value is None else value) == wanted

    def _value(self, name: str, default: str) -> str:
        return self._version if name == "version" else str(self._data.get(name, default))
