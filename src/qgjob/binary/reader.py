"""Reads an app binary in a child process, so that no upload can exhaust or crash the process that asked."""

import hashlib
import json
import secrets
import subprocess
import sys
from pathlib import Path

from qgjob.core.app import AppBinary
from qgjob.core.errors import BinaryError, InfrastructureError
from qgjob.core.words import BinaryKind, Platform, Sha256

TIMEOUT_S = 30.0
_BLOCK = 1024 * 1024
_REFUSED = 65  # `python -m qgjob.binary`: the file is no app, and stderr says why


def read_binary(path: Path) -> AppBinary:
    """Return what the APK, IPA or zipped .app at `path` is; blocks for about a quarter of a second.

    Raises BinaryError with a sentence for its owner when the file is not an app that can be read within the limits.
    """
    sha256, size_bytes = _digest(path)
    facts: dict[str, str] = json.loads(_ask("facts", path))
    return AppBinary(
        sha256=sha256,
        size_bytes=size_bytes,
        platform=Platform(facts["platform"]),
        kind=BinaryKind(facts["kind"]),
        package=facts["package"],
        version_name=facts["version_name"],
        version_code=facts["version_code"],
        launch_activity=facts["launch_activity"],
    )


def badging_file(apk: Path) -> Path:
    """Return where the answer of aapt about `apk` is kept: beside it, as NAME.badging."""
    return apk.with_name(f"{apk.name}.badging")


def write_badging(apk: Path) -> None:
    """Keep beside `apk` what aapt would answer about it, so that asking costs no Python. `apk` must never change.

    Raises BinaryError when it is no APK that can be read.
    """
    answer = _ask("badging", apk)
    unfinished = apk.with_name(f"{apk.name}.badging.{secrets.token_hex(4)}")
    unfinished.write_bytes(answer)
    unfinished.replace(badging_file(apk))


def _digest(path: Path) -> tuple[Sha256, int]:
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise BinaryError(f"{path} cannot be read: {error.strerror}.") from error
    return Sha256(digest.hexdigest()), size


def _ask(command: str, path: Path) -> bytes:
    # -P: a file called json.py in the working directory must not become part of the reader.
    argv = [sys.executable, "-P", "-m", "qgjob.binary", command, str(path.absolute())]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BinaryError(f"Reading {path.name} took longer than {TIMEOUT_S:.0f} s.") from error
    except OSError as error:
        raise InfrastructureError(f"Cannot start {argv[0]} to read {path.name}: {error.strerror}.") from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _REFUSED:
        raise BinaryError(done.stderr.decode(errors="replace").strip())
    raise BinaryError(
        f"Reading {path.name} ended with exit code {done.returncode}: "
        "its contents ask for more memory or time than those of any real app."
    )
