"""One run of UiAutomator2's server on the device, from `am instrument` until it ends; knows its one session."""

import asyncio
import uuid
from collections import OrderedDict
from dataclasses import dataclass

SERVER_PACKAGE = "io.appium.uiautomator2.server"
TEST_PACKAGE = "io.appium.uiautomator2.server.test"
PORT = 6790
MAX_REMEMBERED_ELEMENTS = 5_000


@dataclass(frozen=True, kw_only=True)
class ElementKey:
    """Finds the same view again as long as its screen is shown."""

    package: str
    screen: str
    number: int


class Session:
    """One WebDriver session of the server; it remembers the elements that it gave out."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.id = str(uuid.uuid4())
        self._elements: OrderedDict[str, ElementKey] = OrderedDict()

    def remember(self, key: ElementKey) -> str:
        """Give an id for the view; the oldest ids are forgotten when there are too many."""
        element_id = str(uuid.uuid4())
        self._elements[element_id] = key
        if len(self._elements) > MAX_REMEMBERED_ELEMENTS:
            self._elements.popitem(last=False)
        return element_id

    def recall(self, element_id: str) -> ElementKey | None:
        """Give the view that the id stands for."""
        return self._elements.get(element_id)


class Instrumentation:
    """The server's process; `ended` is set when it stops, for whatever reason."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.session: Session | None = None
