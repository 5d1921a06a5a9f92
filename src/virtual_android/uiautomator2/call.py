"""One call of an endpoint: what it may look at and touch, and how it reads its body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from virtual_android.app.running import RunningApp
from virtual_android.device import Device
from virtual_android.uiautomator2.answers import JSON, InvalidArgumentError, StaleElementError
from virtual_android.uiautomator2.instrumentation import Session
from virtual_android.uiautomator2.screen import Snapshot, View, look

MAX_NUMBER = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to a running session."""

    device: Device
    session: Session
    body: Mapping[str, JSON]

    @property
    def app(self) -> RunningApp | None:
        """The app in front, when it has a model."""
        return self.device.activities.foreground.app

    def look(self) -> Snapshot:
        """See what is shown now."""
        return look(self.device.activities)

    def view(self, element_id: str) -> View:
        """Give the view of an element id; raises StaleElementError when it is not shown any more."""
        key = self.session.recall(element_id)
        view = self.look().find(key) if key else None
        if view is None:
            raise StaleElementError(f"The element '{element_id}' does not exist in DOM anymore")
        return view

    def click(self, view: View) -> None:
        """Click a view; what is no element of the app takes it silently."""
        if self.app and view.element:
            self.device.after(self.app.click(view.element))

    def text(self, *names: str) -> str:
        """Give the first of these texts that the body has; raises InvalidArgumentError."""
        for name in names:
            value = self.body.get(name)
            if isinstance(value, str):
                return value
            if isinstance(value, list) and all(isinstance(part, str) for part in value):
                return "".join(str(part) for part in value)
        raise InvalidArgumentError(f"the body needs a text as {' or '.join(names)}")


Endpoint = Callable[..., JSON]
"""Takes the call and the parts of the path that its pattern names."""


def number(value: JSON) -> int:
    """Read a coordinate; raises InvalidArgumentError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MAX_NUMBER:
        raise InvalidArgumentError(f"a number is needed, not {value!r:.40}")
    return int(value)
