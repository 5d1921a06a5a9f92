"""The model of an app: screens, elements and the rules that a click follows, read from JSON and checked once.

The format is described in docs/virtual-android.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Condition:
    """True when every part that is given holds; a part that is None does not matter."""

    field: str | None = None
    stored: str | None = None
    equals: str | None = None
    """What the field or the stored value must be; without it the value must only be there."""
    version: str | None = None
    """The versionName of the installed package."""


@dataclass(frozen=True, kw_only=True)
class Goto:
    """Show another screen; what was typed on this one is forgotten."""

    screen: str


@dataclass(frozen=True, kw_only=True)
class Store:
    """Keep a value in the app's data: a fixed one, or what was typed into a field."""

    name: str
    value: str | int = ""
    from_field: str | None = None


@dataclass(frozen=True, kw_only=True)
class Increment:
    """Add one to a stored number; an absent one counts as 0."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Unstore:
    """Forget a stored value."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Crash:
    """End the app as an uncaught exception does."""


@dataclass(frozen=True, kw_only=True)
class If:
    """Choose between two lists of rules."""

    condition: Condition
    then: "tuple[Rule, ...]"
    otherwise: "tuple[Rule, ...]"


Rule = Goto | Store | Increment | Unstore | Crash | If


@dataclass(frozen=True, kw_only=True)
class Element:
    """One view; `text` may hold ${name} or ${name:default} for a stored value, ${version} for the versionName."""

    class_name: str
    id: str
    text: str
    hint: str
    description: str
    is_enabled: bool
    is_password: bool
    shown_when: Condition | None
    on_click: tuple[Rule, ...]

    @property
    def is_editable(self) -> bool:
        """Whether it can be typed into."""
        return self.class_name.endswith("EditText")

    @property
    def is_clickable(self) -> bool:
        """Whether a click does something: it has rules, or it takes the focus."""
        return bool(self.on_click) or self.is_editable


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What is seen at once; `back` is where the back key leads, None for out of the app."""

    elements: tuple[Element, ...]
    back: str | None


@dataclass(frozen=True, kw_only=True)
class StartChoice:
    """A screen to start with, and when."""

    screen: str
    condition: Condition | None


@dataclass(frozen=True, kw_only=True)
class AppModel:
    """One app: the first start choice whose condition holds decides where it begins."""

    package: str
    start: tuple[StartChoice, ...]
    screens: Mapping[str, Screen]
