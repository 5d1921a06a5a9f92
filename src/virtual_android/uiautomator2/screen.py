"""What the device shows now: a flat list of views with bounds, also as the XML tree that XPath and `source` see."""

from dataclasses import dataclass

from lxml import etree

from virtual_android.activity import Activities
from virtual_android.app.model import Element
from virtual_android.app.running import RunningApp
from virtual_android.uiautomator2.instrumentation import ElementKey

WIDTH, HEIGHT = 1080, 2400
STATUS_BAR_HEIGHT = 63
_MARGIN = 40
_TOP = 200
_ROW_HEIGHT = 150
_GAP = 30
_ROOT_CLASS = "android.widget.FrameLayout"
ROOT_NUMBER = -1


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A rectangle in pixels; right and bottom lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, x: int, y: int) -> bool:
        """Say whether the point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def __str__(self) -> str:
        return f"[{self.left},{self.top}][{self.right},{self.bottom}]"


@dataclass(frozen=True, kw_only=True)
class View:
    """One view as the accessibility layer describes it; `element` is None for the root."""

    key: ElementKey
    class_name: str
    text: str
    resource_id: str
    bounds: Bounds
    element: Element | None = None
    is_focused: bool = False

    def attributes(self) -> dict[str, str]:
        """Give the attributes under the names that UiAutomator2's page source has."""
        element = self.element
        return {
            "index": str(max(self.key.number, 0)),
            "package": self.key.package,
            "class": self.class_name,
            "text": self.text,
            "resource-id": self.resource_id,
            "content-desc": element.description if element else "",
            "hint": element.hint if element else "",
            "checkable": "false",
            "checked": "false",
            "clickable": _flag(element is not None and element.is_clickable),
            "enabled": _flag(element is None or element.is_enabled),
            "focusable": _flag(element is not None and element.is_editable),
            "focused": _flag(self.is_focused),
            "long-clickable": "false",
            "password": _flag(element is not None and element.is_password),
            "scrollable": "false",
            "selected": "false",
            "bounds": str(self.bounds),
            "displayed": "true",
        }


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All views at one moment, the root first."""

    views: tuple[View, ...]

    def as_xml(self) -> etree._Element:
        """Build the page source; its elements stand in the order of `views`, after the hierarchy element."""
        hierarchy = etree.Element(
            "hierarchy", {"index": "0", "rotation": "0", "width": str(WIDTH), "height": str(HEIGHT)}
        )
        root = etree.SubElement(hierarchy, self.views[0].class_name, _xml_attributes(self.views[0]))
        for view in self.views[1:]:
            etree.SubElement(root, view.class_name, _xml_attributes(view))
        return hierarchy

    def at(self, x: int, y: int) -> View:
        """Give the topmost view at a point."""
        return next((view for view in reversed(self.views) if view.bounds.holds(x, y)), self.views[0])

    def find(self, key: ElementKey) -> View | None:
        """Give the view that is still the one the key was made for."""
        return next((view for view in self.views if view.key == key), None)


def look(activities: Activities) -> Snapshot:
    """See what is in front now; an app without a model shows an empty frame."""
    front = activities.foreground
    screen = front.app.screen_name if front.app else front.activity
    root = View(
        key=ElementKey(package=front.package, screen=screen, number=ROOT_NUMBER),
        class_name=_ROOT_CLASS,
        text="",
        resource_id="",
        bounds=Bounds(left=0, top=0, right=WIDTH, bottom=HEIGHT),
    )
    return Snapshot(views=(root, *(_views(front.package, front.app) if front.app else ())))


def _views(package: str, app: RunningApp) -> list[View]:
    shown = app.shown()
    row_height = min(_ROW_HEIGHT, (HEIGHT - _TOP) // max(1, len(shown)))
    return [
        View(
            key=ElementKey(package=package, screen=app.screen_name, number=number),
            class_name=element.class_name,
            text=app.text_of(element),
            resource_id=f"{package}:id/{element.id}" if element.id else "",
            bounds=_row(_TOP + row * row_height, row_height),
            element=element,
            is_focused=app.focused is element,
        )
        for row, (number, element) in enumerate(shown)
    ]


def _row(top: int, height: int) -> Bounds:
    return Bounds(left=_MARGIN, top=top, right=WIDTH - _MARGIN, bottom=top + height - _GAP)


def _xml_attributes(view: View) -> dict[str, str]:
    """Leave out the characters that XML cannot hold, as the real server does."""
    return {name: "".join(filter(_fits_xml, value)) for name, value in view.attributes().items()}


def _fits_xml(letter: str) -> bool:
    return letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")


def _flag(value: bool) -> str:
    return "true" if value else "false"
