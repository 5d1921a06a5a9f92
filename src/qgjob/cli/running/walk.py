"""The walk of `qgjob run`: find, bring, submit, wait, end. A signal may meet it anywhere and leaves no run behind."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from qgjob.cli.follow import Watched, follow
from qgjob.cli.running.ending import Ending, Logbook
from qgjob.cli.running.outcome import final_message, final_standing
from qgjob.cli.running.signals import OnSignal, Stopped, stoppable, unstoppable, unstoppable_from_now_on
from qgjob.cli.running.stopping import Stopping, stop
from qgjob.cli.running.telling import Awaited, Teller
from qgjob.cli.standing import find_run
from qgjob.cli.submission.run import RunOrder, bring, key_of, look_ahead
from qgjob.cli.submission.submit import Submitted, submitted
from qgjob.cli.views.accepted import unserved_view
from qgjob.core.errors import Conflict, InvalidRequest, QgjobError, Unavailable, Unreachable
from qgjob.core.outcome import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgjob.cli.follow import Patience
    from qgjob.cli.say import Say
    from qgjob.cli.settings import Settings
    from qgjob.cli.verdicts import Strictness
    from qgjob.client import Client
    from qgjob.wire.jobs import RunAccepted, RunBody

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Wait:
    """How to wait for a run, and what its end is to count as. `report`: makes the reports of a run that has ended."""

    patience: Patience
    strictness: Strictness
    on_signal: OnSignal
    report: Callable[[Client, str], None]


@dataclass(kw_only=True)
class Trail:
    """How far the submission has come, for when a signal meets it."""

    body: RunBody | None = None
    key: str = ""
    run_id: str | None = None

    def find(self, client: Client) -> str | None:
        """Say which run was submitted, None for none; one whose answer is on its way is asked for again by its key."""
        if self.run_id is None and self.body is not None:
            with suppress(InvalidRequest, Conflict):  # refused, and so it would have been the first time
                self.submit(client, self.body)
        return self.run_id

    def submit(self, client: Client, body: RunBody) -> RunAccepted:
        """Submit the run under the key: however often that is done, it is one run.

        Raises Unreachable when no answer came: then nobody knows whether there is a run.
        """
        self.body = body
        try:
            accepted = client.jobs.submit_run(body, key=self.key)
        except Unreachable as error:
            raise Unreachable(
                f"it is not known whether the run was submitted, since no answer came: {error.message} In a CI the "
                "same command finds it again within the same attempt."
            ) from error
        self.run_id = accepted["run_id"]
        return accepted


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Who walks: what every step of it needs."""

    settings: Settings
    client: Client
    say: Say
    logbook: Logbook
    trail: Trail = field(default_factory=Trail)

    def until_stopped(self, deed: Callable[[], T], on_signal: OnSignal) -> T | Ending:
        """Do it; a signal on the way cancels or leaves the run, as it is asked to."""
        with unstoppable():  # also between the end of one block and the beginning of another
            try:
                with stoppable():
                    return deed()
            except Stopped as stopped:
                met = stopped
        unstoppable_from_now_on()
        stopping = Stopping(
            settings=self.settings, say=self.say, on_signal=on_signal, find=self._find, note=self.logbook.note
        )
        ending = stop(stopping, met)
        self.say.problem(ending.message)
        return ending

    def wait_and_tell(self, awaited: Callable[[], Awaited | None], wait: Wait) -> ExitCode:
        """Wait for the run, unless there is none to wait for; tell how it ended, and return the exit code."""

        def deed() -> Ending | None:
            found = awaited()
            return None if found is None else self.wait(found, wait)

        ending = self.until_stopped(deed, wait.on_signal)
        if ending is None:
            return ExitCode.DONE
        self.logbook.ended(ending)
        return ending.exit_code

    def submit(self, order: RunOrder) -> tuple[Submitted, Awaited]:
        """Find the tests, bring what is missing, submit. Raises NoTests where there are none."""
        self.client.farm.health()  # a server that is away is told before a large project is packed
        prospect = look_ahead(order, self.say)
        body = bring(self.client, self.say, order, prospect)
        self.trail.key = key_of(order.attempt, body)
        accepted = self.trail.submit(self.client, body)
        self.logbook.accepted(accepted["run_id"], org_id=order.org_id)
        run = submitted(accepted, body)
        for sentence in unserved_view(run):
            self.say.progress(sentence)
        awaited = Awaited(run_id=run.run_id, tests=run.tests, jobs=len(run.tests), cases=prospect.cases)
        return run, awaited

    def _find(self, client: Client) -> str | None:
        run_id = self.trail.find(client)
        if run_id is not None and self.logbook.run_id is None and self.trail.body is not None:
            self.logbook.accepted(run_id, org_id=self.trail.body["org_id"])
        return run_id

    def wait(self, awaited: Awaited, wait: Wait) -> Ending:
        """Follow a run to its end, make the reports, and say what it comes to."""
        self._follow(awaited, wait)
        run = find_run(self.client, awaited.run_id)
        standing = final_standing(self.client, run, wait.strictness)
        if not self.say.in_json:
            self.say.result(standing.document, standing.view)
        ending = Ending(exit_code=standing.exit_code, message=final_message(run), document=run)
        self.say.progress(ending.message)
        return self._with_reports(ending, awaited.run_id, wait)

    def _follow(self, awaited: Awaited, wait: Wait) -> None:
        teller, watched = Teller(self.client, self.say, awaited), Watched(run_id=awaited.run_id)
        try:
            with teller.at_work():
                follow(self.client, watched, patience=wait.patience, tell=teller.hear, tick=teller.tick)
        except (Unreachable, Unavailable) as error:
            again = f"The run goes on. Go on watching with: {watched.resume_command}"
            raise type(error)(f"{error.message}\n{again}") from error

    def _with_reports(self, ending: Ending, run_id: str, wait: Wait) -> Ending:
        """Make them; a report that cannot be made turns nothing green, and green into an infrastructure error."""
        try:
            wait.report(self.client, run_id)
        except (QgjobError, OSError) as error:
            problem = error.message if isinstance(error, QgjobError) else str(error)
            self.say.problem(problem)
            code = ExitCode.INFRASTRUCTURE if ending.exit_code is ExitCode.DONE else ending.exit_code
            return Ending(exit_code=code, message=f"{ending.message} {problem}", document=ending.document)
        return ending
