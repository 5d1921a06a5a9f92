"""Watches a run or a job as a person does: progress on stderr while it lasts, what to call things looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.exits import Interrupted
from qgjob.cli.follow import Patience, Watched, follow
from qgjob.cli.views.fact import Names, fact_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qgjob.cli.say import Say
    from qgjob.client import Client
    from qgjob.wire.apps import FactShown


def watch(client: Client, say: Say, watched: Watched, *, patience: Patience, tests: Mapping[str, str]) -> None:
    """Follow to the end, saying each fact of interest. `tests`: job id to test path, as far as known.

    Raises what `follow` raises, and Interrupted for Ctrl-C.
    """
    try:
        _watch(client, say, watched, patience=patience, tests=tests)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; the run goes on. Go on watching with: {watched.resume_command}\n"
            f"Stop it with: {watched.stop_command}"
        ) from None


def _watch(client: Client, say: Say, watched: Watched, *, patience: Patience, tests: Mapping[str, str]) -> None:
    names = Names(
        tests=tests, workers={worker["worker_id"]: worker["name"] for worker in client.workers.all()["workers"]}
    )

    def tell(fact: FactShown) -> None:
        line = fact_line(fact, names)
        if line is not None:
            say.progress(line)

    with say.waiting("Waiting for the end; Ctrl-C stops waiting, not the run"):
        follow(client, watched, patience=patience, tell=tell)
