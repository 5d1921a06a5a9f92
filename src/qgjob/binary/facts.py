"""The facts that a binary's manifest states, checked so that they may be put into a command line or a path."""

import re
from dataclasses import dataclass

from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform

LONGEST_NAME = 255  # characters; Android's own limit for a package is 223, Apple's for a bundle id 155
_ANDROID_PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_JAVA_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+", re.ASCII)
_BUNDLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True, kw_only=True)
class BinaryFacts:
    """What the manifest states. `version_name` may be empty; the SDK levels are Android's, None elsewhere."""

    platform: Platform
    kind: BinaryKind
    package: str
    version_name: str
    version_code: str
    launch_activity: str | None = None
    min_sdk: int | None = None
    target_sdk: int | None = None


def android_package(name: str) -> str:
    """Return `name`, or raise BinaryError when Android would not take it as a package."""
    return _matching(_ANDROID_PACKAGE, name, what="a package name")


def activity_class(name: str, *, package: str) -> str:
    """Return the full class name of an activity that the manifest names in full, as `.Short` or as `Short`."""
    if name.startswith("."):
        name = package + name
    elif "." not in name:
        name = f"{package}.{name}"
    return _matching(_JAVA_CLASS, name, what="the class name of an activity")


def bundle_id(name: str) -> str:
    """Return `name`, or raise BinaryError when Apple would not take it as a bundle id."""
    return _matching(_BUNDLE_ID, name, what="a bundle id")


def version(text: str) -> str:
    """Return a version as one printable line; it is free text to its author, and shown as such."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST_NAME]).strip()


def _matching(pattern: re.Pattern[str], name: str, *, what: str) -> str:
    if len(name) > LONGEST_NAME or not pattern.fullmatch(name):
        raise BinaryError(f"Its manifest has {name[:LONGEST_NAME]!r} where {what} belongs.")
    return name
