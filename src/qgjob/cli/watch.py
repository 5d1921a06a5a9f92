"""Watches a run or a job as a person does: progress on stderr while it lasts, what to call things looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.follow import Patience, Watched, follow
from qgjob.cli.views.fact import Names, fact_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qgjob.cli.say import Say
    from qgjob.client import Client
    from qgjob.wire.apps import FactShown


def watch(client: Client, say: Say, watched: Watched, *, patience: Patience, tests: Mapping[str, str]) -> None:
    """Follow to the end, saying each fact of interest. `tests`: job id to test path, as far as known."""
    names = Names(
        tests=tests, workers={worker["worker_id"]: worker["name"] for worker in client.workers.all()["workers"]}
    )

    def tell(fact: FactShown) -> None:
        line = fact_line(fact, names)
        if line is not None:
            say.progress(line)

    with say.waiting(f"waiting; Ctrl-C leaves it running, {watched.resume_command} comes back"):
        follow(client, watched, patience=patience, tell=tell)
