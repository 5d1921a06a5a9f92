"""Android packages: reads the binary manifest through pyaxmlparser.

The library answers hostile bytes with whatever its structs and asserts raise, so all of it becomes BinaryError here.
What it does to memory and time is bounded outside, by `limits`.
"""

import logging
import zipfile
from typing import TYPE_CHECKING

from pyaxmlparser.arscparser import ARSCParser
from pyaxmlparser.axmlprinter import AXMLPrinter

from qgjob.binary.archive import member
from qgjob.binary.facts import BinaryFacts, activity_class, android_package, version
from qgjob.core.errors import BinaryError
from qgjob.core.words import BinaryKind, Platform

if TYPE_CHECKING:
    from lxml.etree import _Element

MANIFEST = "AndroidManifest.xml"
RESOURCES = "resources.arsc"
LARGEST_MANIFEST = 4 * 1024 * 1024
LARGEST_RESOURCES = 16 * 1024 * 1024
_ANDROID = "{http://schemas.android.com/apk/res/android}"

# The library logs every oddity of a manifest; without a handler Python would print them on our stderr.
logging.getLogger("pyaxmlparser").addHandler(logging.NullHandler())
logging.getLogger("pyaxmlparser").propagate = False


def read_apk(archive: zipfile.ZipFile) -> BinaryFacts:
    """Return what the manifest states; BinaryError says what is wrong with it."""
    manifest = _manifest(member(archive, MANIFEST, limit=LARGEST_MANIFEST))
    package = android_package(manifest.get("package", ""))
    launcher = _launcher(manifest)
    sdk = manifest.find("uses-sdk")
    return BinaryFacts(
        platform=Platform.ANDROID,
        kind=BinaryKind.DEVICE,
        package=package,
        version_name=version(_resolved(archive, manifest.get(_ANDROID + "versionName", ""))),
        version_code=_version_code(_resolved(archive, manifest.get(_ANDROID + "versionCode", "0"))),
        launch_activity=None if launcher is None else activity_class(launcher, package=package),
        min_sdk=_sdk_level(sdk, "minSdkVersion"),
        target_sdk=_sdk_level(sdk, "targetSdkVersion"),
    )


def _manifest(data: bytes) -> "_Element":
    try:
        printer = AXMLPrinter(data)
        root: _Element | None = printer.get_xml_obj() if printer.is_valid() else None
    except Exception as error:  # see the module's docstring
        raise BinaryError(f"{MANIFEST} is broken ({type(error).__name__}: {error}).") from error
    if root is None or root.tag != "manifest":
        raise BinaryError(f"{MANIFEST} is not a binary Android manifest.")
    return root


def _launcher(manifest: "_Element") -> str | None:
    """Return the first activity, in the manifest's order, that Android's launcher would show."""
    for activity in manifest.iterfind("application/*"):
        if activity.tag not in {"activity", "activity-alias"} or activity.get(_ANDROID + "enabled") == "false":
            continue
        if any(_launches(intent_filter) for intent_filter in activity.iterfind("intent-filter")):
            return activity.get(_ANDROID + "name")
    return None


def _launches(intent_filter: "_Element") -> bool:
    names = {child.get(_ANDROID + "name") for child in intent_filter}
    return {"android.intent.action.MAIN", "android.intent.category.LAUNCHER"} <= names


def _version_code(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise BinaryError(f"{MANIFEST} has the versionCode {text[:40]!r}, which is no number.")
    return text


def _sdk_level(sdk: "_Element | None", name: str) -> int | None:
    text = "" if sdk is None else sdk.get(_ANDROID + name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _resolved(archive: zipfile.ZipFile, value: str) -> str:
    """Return `value`, or the first value in the app's resources that it refers to as `@7F010000`."""
    if not value.startswith("@"):
        return value
    data = member(archive, RESOURCES, limit=LARGEST_RESOURCES)
    try:
        values = ARSCParser(data).get_resolved_res_configs(int(value[1:], 16))
        return str(values[0][1])
    except Exception as error:  # see the module's docstring
        raise BinaryError(f"{MANIFEST} refers to {value[:40]}, which {RESOURCES} does not explain.") from error
