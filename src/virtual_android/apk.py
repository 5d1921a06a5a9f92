"""Reads what the package manager needs to know from the bytes of an APK; checks no signature and runs no code."""

import io
import zipfile
from dataclasses import dataclass

from lxml import etree
from pyaxmlparser.arscparser import ARSCParser
from pyaxmlparser.axmlprinter import AXMLPrinter

MAX_MANIFEST_BYTES = 4 << 20
MAX_RESOURCES_BYTES = 64 << 20
_ANDROID = "{http://schemas.android.com/apk/res/android}"
_LAUNCHER = f".//category[@{_ANDROID}name='android.intent.category.LAUNCHER']"


class ApkError(Exception):
    """These bytes are no APK that a device could install; the message says what is wrong with them."""


@dataclass(frozen=True, kw_only=True)
class TestRunner:
    """A test runner that the package brings, and the package that it is for."""

    name: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What AndroidManifest.xml says; class names are full ones."""

    package: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    is_test_only: bool
    permissions: tuple[str, ...]
    activities: tuple[str, ...]
    launcher: str | None
    test_runners: tuple[TestRunner, ...]


def read_manifest(apk: bytes) -> Manifest:
    """Read the binary manifest in `apk`; raises ApkError when there is none or it says too little."""
    try:
        with zipfile.ZipFile(io.BytesIO(apk)) as archive:
            root = AXMLPrinter(_read(archive, "AndroidManifest.xml", MAX_MANIFEST_BYTES)).get_xml_obj()
            return _manifest_of(root, archive)
    except ApkError:
        raise
    except Exception as error:  # the parsers raise whatever broken bytes lead them to; all of it means the same
        raise ApkError(f"Failed to parse base.apk: {type(error).__name__}: {error}") from error


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    if archive.getinfo(name).file_size > limit:
        raise ApkError(f"{name} is larger than {limit} bytes")
    return archive.read(name)


def _manifest_of(root: etree._Element, archive: zipfile.ZipFile) -> Manifest:
    package = root.get("package")
    if not package:
        raise ApkError("AndroidManifest.xml names no package")

    def full_name(name: str) -> str:
        return f"{package}{name}" if name.startswith(".") else name if "." in name else f"{package}.{name}"

    def named(tag: str) -> list[tuple[str, etree._Element]]:
        return [(full_name(node.get(f"{_ANDROID}name", "")), node) for node in root.iter(tag)]

    activities = [*named("activity"), *named("activity-alias")]
    uses_sdk = root.find("uses-sdk")
    sdk = dict(uses_sdk.items()) if uses_sdk is not None else {}
    application = root.find("application")
    return Manifest(
        package=package,
        version_code=int(root.get(f"{_ANDROID}versionCode", "0")),
        version_name=_resolved(root.get(f"{_ANDROID}versionName", ""), package, archive),
        min_sdk=int(sdk.get(f"{_ANDROID}minSdkVersion", "1")),
        target_sdk=int(sdk.get(f"{_ANDROID}targetSdkVersion", "1")),
        is_test_only=application is not None and application.get(f"{_ANDROID}testOnly") == "true",
        permissions=tuple(node.get(f"{_ANDROID}name", "") for node in root.iter("uses-permission")),
        activities=tuple(name for name, _ in activities),
        launcher=next((name for name, node in activities if node.find(_LAUNCHER) is not None), None),
        test_runners=tuple(
            TestRunner(name=name, target=node.get(f"{_ANDROID}targetPackage", ""))
            for name, node in named("instrumentation")
        ),
    )


def _resolved(value: str, package: str, archive: zipfile.ZipFile) -> str:
    """Follow a reference such as @7F0B0001 into resources.arsc; give any other value as it is."""
    if not value.startswith("@"):
        return value
    table = ARSCParser(_read(archive, "resources.arsc", MAX_RESOURCES_BYTES))
    configurations = table.get_resolved_res_configs(int(value[1:], 16))
    if not configurations:
        raise ApkError(f"versionName of {package} refers to {value}, which resources.arsc does not hold")
    return str(configurations[0][1])
