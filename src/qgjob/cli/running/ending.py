"""How a run that somebody waited for ends: one exit code, one word in the receipt, one sentence."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from qgjob.cli.exits import exit_code_of_error
from qgjob.cli.receipt import Receipt, ReceiptStatus, report_url, status_of, write_receipt
from qgjob.core.errors import QgjobError
from qgjob.core.outcome import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qgjob.cli.say import Say


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a command comes to. `document`: of the run as it was then, for programs."""

    exit_code: ExitCode
    message: str
    document: object = None


class Logbook:
    """What has become of a run so far: kept in the receipt, and told as the last event."""

    def __init__(self, say: Say, *, receipt: Path | None, server_url: str, org_id: str | None) -> None:
        self._say = say
        self._path = receipt
        self._receipt = Receipt(
            run_id=None,
            org_id=org_id,
            server_url=server_url,
            report_url=None,
            status=ReceiptStatus.RUNNING,
            exit_code=None,
            message=None,
        )

    @property
    def run_id(self) -> str | None:
        """The run, once there is one."""
        return self._receipt.run_id

    def accepted(self, run_id: str, *, org_id: str) -> None:
        """Write down which run it is."""
        server_url = self._receipt.server_url
        self._write(replace(self._receipt, run_id=run_id, org_id=org_id, report_url=report_url(server_url, run_id)))

    def note(self, ending: Ending) -> None:
        """Write down how it ends, before it has."""
        code = ending.exit_code
        self._write(replace(self._receipt, status=status_of(code), exit_code=int(code), message=ending.message))

    def ended(self, ending: Ending) -> None:
        """Write down how it ended, and tell it."""
        self.note(ending)
        receipt = self._receipt
        self._say.event(
            {
                "event": "ended",
                "run_id": receipt.run_id,
                "status": receipt.status.value,
                "exit_code": receipt.exit_code,
                "message": receipt.message,
                "report_url": receipt.report_url,
                "run": ending.document,
            }
        )

    @contextmanager
    def of_errors(self) -> Iterator[None]:
        """Write down the error that ends the block, and let it go on to where errors become exit codes."""
        try:
            yield
        except QgjobError as error:
            self.ended(Ending(exit_code=exit_code_of_error(error), message=error.message))
            raise
        except click.ClickException as error:
            self.ended(Ending(exit_code=ExitCode.USAGE, message=error.format_message()))
            raise
        except KeyboardInterrupt:
            self.ended(Ending(exit_code=ExitCode.INTERRUPTED, message="interrupted"))
            raise
        except (click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            self.ended(Ending(exit_code=ExitCode.INFRASTRUCTURE, message=f"{type(error).__name__}: {error}"))
            raise

    def _write(self, receipt: Receipt) -> None:
        self._receipt = receipt
        if self._path is not None:
            write_receipt(self._path, receipt)
