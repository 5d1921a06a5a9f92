"""`qgjob evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgjob.cli.connect import connect
from qgjob.cli.exits import EPILOG
from qgjob.cli.lookup import looking_for
from qgjob.cli.options import with_settings
from qgjob.cli.say import Say
from qgjob.core.errors import InfrastructureError

if TYPE_CHECKING:
    from qgjob.cli.settings import Settings
    from qgjob.wire.jobs import AttemptList


@click.command("evidence", epilog=EPILOG)
@click.argument("job_id", help="The job, by its full id.")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to put the files into, one folder per attempt; made if it is not there.",
)
@with_settings
def evidence_command(settings: Settings, job_id: str, folder: Path) -> None:
    """Download what the attempts of a job left behind.

    That is: the runner's output and reports, traces and screenshots of failures, Appium's log. Every file is proven
    by its hash. A trace opens with `npx playwright show-trace FILE`.
    """
    say = Say(settings)
    saved: list[str] = []
    with connect(settings) as client, looking_for(job_id):
        for attempt, name, sha256 in _files(client.jobs.attempts(job_id)):
            to = _place(folder, attempt, name)
            client.evidence.download(job_id, attempt, name, to=to, sha256=sha256)
            saved.append(str(to))
    say.result({"job_id": job_id, "files": saved}, saved)
    if not saved:
        say.progress("This job has left no evidence yet.")


def _files(listed: AttemptList) -> list[tuple[int, str, str]]:
    return [
        (attempt["attempt"], evidence["name"], evidence["sha256"])
        for attempt in listed["attempts"]
        for evidence in attempt["evidence"]
    ]


def _place(folder: Path, attempt: int, name: str) -> Path:
    """Choose the file for a piece of evidence; a name from an agent never leads out of the folder."""
    root = (folder / f"attempt-{attempt}").resolve()
    place = (root / name).resolve()
    if root not in place.parents:
        raise InfrastructureError(f"the evidence named {name!r} would be written outside {root}; it was not fetched")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
