"""What a bundle may hold: plain files inside its own folder, within bounds. The zip itself is read elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgjob.core.errors import InvalidRequest, TooLarge

MOST_FILES = 20_000
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_PATH_CHARACTERS = 1000
MOST_NAME_BYTES = 255
"""Of one part of a path: file systems take no longer names."""
MANIFEST = "package.json"
CONFIG_NAMES = tuple(f"appwright.config.{ending}" for ending in ("ts", "js", "mts", "mjs", "cts", "cjs"))
"""What an Appwright project calls its configuration, in the order of preference."""


@dataclass(frozen=True, kw_only=True)
class BundleEntry:
    """One entry of a bundle's zip, as its directory names it. `plain`: neither a link nor encrypted nor a device."""

    path: str
    size_bytes: int
    plain: bool = True


def check_entries(entries: Sequence[BundleEntry]) -> tuple[str, ...]:
    """List the paths of a bundle's files, sorted.

    Raises InvalidRequest naming the first entry that could land outside the folder, is no plain file, or comes twice,
    or that there is no `package.json` at the root; TooLarge beyond the bounds.
    """
    if not entries:
        raise InvalidRequest("The bundle is empty: zip the Appwright project's files into it.")
    if len(entries) > MOST_FILES:
        raise TooLarge(
            f"The bundle has {len(entries)} files, more than {MOST_FILES}: leave out what tests do not need."
        )
    unpacked = sum(entry.size_bytes for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES:
        raise TooLarge(f"The bundle unpacks to {unpacked} bytes, more than {MOST_UNPACKED_BYTES}.")
    seen: set[str] = set()
    for entry in entries:
        problem = _problem(entry) or ("comes twice" if entry.path in seen else None)
        if problem is not None:
            raise InvalidRequest(
                f"The bundle's entry {entry.path[:200]!r} {problem}: pack plain files, named from the root."
            )
        seen.add(entry.path)
    if MANIFEST not in seen:
        raise InvalidRequest(f"The bundle has no {MANIFEST} at its root: pack the folder that has the project's.")
    return tuple(sorted(seen))


def inside(path: str) -> str | None:
    """Shorten a path inside the project to its plainest form; None when it could lead outside or names nothing."""
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if not parts or path.startswith("/") or ".." in parts or parts[0].endswith(":"):
        return None
    return None if "\\" in path or "\0" in path else "/".join(parts)


def _problem(entry: BundleEntry) -> str | None:
    if inside(entry.path) != entry.path:
        return "could land outside the project's folder or is not in its shortest form"
    if len(entry.path) > MOST_PATH_CHARACTERS:
        return f"has a path of more than {MOST_PATH_CHARACTERS} characters"
    if any(len(part.encode(errors="replace")) > MOST_NAME_BYTES for part in entry.path.split("/")):
        return f"has a name of more than {MOST_NAME_BYTES} bytes, which no disk takes"
    return None if entry.plain else "is no plain file"
