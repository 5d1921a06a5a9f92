"""Why `adb install` failed, and whose problem that is. Pure."""

import re

from qgjob.core.errors import AppError, InfrastructureError, QgjobError

_CODE = re.compile(r"\b(INSTALL_[A-Z0-9_]+)\b(?:: ?([^\]\n]*))?")

_OF_THE_APP = frozenset(
    {
        "INSTALL_FAILED_BAD_DEX_METADATA",
        "INSTALL_FAILED_BAD_SIGNATURE",
        "INSTALL_FAILED_CPU_ABI_INCOMPATIBLE",
        "INSTALL_FAILED_DEPRECATED_SDK_VERSION",
        "INSTALL_FAILED_DEXOPT",
        "INSTALL_FAILED_DUPLICATE_PERMISSION",
        "INSTALL_FAILED_INVALID_APK",
        "INSTALL_FAILED_MISSING_SHARED_LIBRARY",
        "INSTALL_FAILED_MISSING_SPLIT",
        "INSTALL_FAILED_NEWER_SDK",
        "INSTALL_FAILED_NO_MATCHING_ABIS",
        "INSTALL_FAILED_OLDER_SDK",
        "INSTALL_FAILED_TEST_ONLY",
    }
)
"""Failures that trying again cannot change. Storage, timeouts, users and policies of one device are not among them."""
_PARSING = "INSTALL_PARSE_FAILED_"
_MOST_SAID = 500


def install_failure(*, file: str, serial: str, output: str) -> QgjobError:
    """Turn what adb said into an AppError when no such device would take the app, else an InfrastructureError."""
    match = _CODE.search(output)
    if match is None:
        said = output.strip()[-_MOST_SAID:] or "nothing"
        return InfrastructureError(f"Could not install {file} on {serial}; adb said: {said}")
    code, detail = match[1], (match[2] or "").strip()
    message = f"Android refused {file} on {serial}: {code}{f': {detail}' if detail else ''}"
    if code in _OF_THE_APP or code.startswith(_PARSING):
        return AppError(f"{message}. It would refuse it again: build the app for this device, or sign it anew.")
    return InfrastructureError(f"{message}.")
