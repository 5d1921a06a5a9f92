"""The receipt of a run: a small JSON file that says which run it was and how it ended, for what comes after in a CI.

It is there from the moment the run is accepted, and always whole: whoever reads it sees the old one or the new one.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from qgjob.core.errors import ConfigurationError
from qgjob.core.outcome import ExitCode


class ReceiptStatus(StrEnum):
    """How it ended, or that it has not. One word for each exit code."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    CONFIGURATION_ERROR = "configuration_error"
    INFRASTRUCTURE_ERROR = "infrastructure_error"
    NOT_AUTHORISED = "not_authorised"
    CANCELLED = "cancelled"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    NO_TESTS = "no_tests"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"


_BY_EXIT_CODE = {
    ExitCode.DONE: ReceiptStatus.PASSED,
    ExitCode.TESTS_FAILED: ReceiptStatus.FAILED,
    ExitCode.USAGE: ReceiptStatus.CONFIGURATION_ERROR,
    ExitCode.INFRASTRUCTURE: ReceiptStatus.INFRASTRUCTURE_ERROR,
    ExitCode.NOT_AUTHORISED: ReceiptStatus.NOT_AUTHORISED,
    ExitCode.CANCELLED: ReceiptStatus.CANCELLED,
    ExitCode.NOT_FOUND: ReceiptStatus.NOT_FOUND,
    ExitCode.UNREACHABLE: ReceiptStatus.UNREACHABLE,
    ExitCode.NO_TESTS: ReceiptStatus.NO_TESTS,
    ExitCode.WAIT_TIMED_OUT: ReceiptStatus.TIMED_OUT,
    ExitCode.INTERRUPTED: ReceiptStatus.INTERRUPTED,
}


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What is known of a run. `run_id` None: none was accepted. `exit_code` None: it has not ended."""

    run_id: str | None
    org_id: str | None
    server_url: str
    report_url: str | None
    status: ReceiptStatus
    exit_code: int | None
    message: str | None


def status_of(exit_code: ExitCode) -> ReceiptStatus:
    """Name how a run ended whose command ends with this exit code."""
    return _BY_EXIT_CODE[exit_code]


def report_url(server_url: str, run_id: str | None) -> str | None:
    """Say where the run can be seen; None where there is none."""
    return None if run_id is None else f"{server_url.rstrip('/')}/runs/{run_id}"


def check_place(path: Path) -> None:
    """Make the folder of a receipt, as those of reports are made, before anything is done that needs it.

    Raises ConfigurationError when none could be written there.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigurationError(f"--receipt {path}: no file can be written there; name a file in a folder of yours")


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Replace the file in one step. Raises OSError."""
    fresh = NamedTemporaryFile(  # noqa: SIM115  # closed below, before it takes the place of the old one
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    )
    try:
        with fresh:
            fresh.write(json.dumps(asdict(receipt), indent=2, ensure_ascii=False) + "\n")
        Path(fresh.name).chmod(0o644)  # NamedTemporaryFile's own 0600 would keep it from later steps of other users
        Path(fresh.name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(fresh.name).unlink()
        raise


def read_receipt(path: Path) -> Receipt:
    """Read one that was written. Raises ConfigurationError when there is none, or it is something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Receipt(
            run_id=_text(found["run_id"]),
            org_id=_text(found["org_id"]),
            server_url=str(found["server_url"]),
            report_url=_text(found["report_url"]),
            status=ReceiptStatus(found["status"]),
            exit_code=None if found["exit_code"] is None else int(found["exit_code"]),
            message=_text(found["message"]),
        )
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no receipt {path}: `qgjob run --receipt {path}` writes it, also where it fails"
        ) from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{path} is no receipt of `qgjob run --receipt`: {error!r}") from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)
