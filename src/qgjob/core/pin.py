"""Pins: the device, or the tag of some, that a job should run on. What becomes of the wish is `core.keeping`'s."""

from dataclasses import dataclass

_TAG = "tag:"


@dataclass(frozen=True, kw_only=True)
class Pin:
    """Either what a worker is called (its id, name or serial), or a tag."""

    device: str | None = None
    tag: str | None = None

    def fits(self, *, names: frozenset[str], tags: frozenset[str]) -> bool:
        """Whether a worker with these names and tags is meant."""
        return self.device in names or self.tag in tags


def pin_of(text: str) -> Pin:
    """Read a pin: `tag:NAME`, or what a device is called. Raises ValueError with what is wrong, as said of a field."""
    if not text.startswith(_TAG):
        return Pin(device=text)
    if text == _TAG:
        raise ValueError("names no tag: write tag:NAME")
    return Pin(tag=text.removeprefix(_TAG))
