"""The tools that make the farm do something. They are there only where the server was started for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from qgjob.cli.mcp.told import RunCancelled, Submitted
from qgjob.cli.say import Say
from qgjob.cli.submission.discovery import ShardBy
from qgjob.cli.submission.grep import joined_grep
from qgjob.cli.submission.project import Project
from qgjob.cli.submission.run import RunOrder, bring, look_ahead
from qgjob.cli.submission.terms import JobTerms, WantedDevice
from qgjob.client import Client
from qgjob.core.errors import InvalidRequest
from qgjob.core.words import Priority, ResetMode, Target
from qgjob.wire.jobs import RunAccepted

MOST_PATHS = 200

RunId = Annotated[str, Field(description="Id of the run.")]
Paths = Annotated[
    list[str],
    Field(
        max_length=MOST_PATHS, description="Spec files, folders, globs or FILE:LINE in the project; none: all tests."
    ),
]
Tags = Annotated[list[str], Field(max_length=MOST_PATHS, description="Only tests with one of these Playwright tags.")]


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """For whom a server acts, and on which project alone; None: on none. `app_version_id` None: named by its bytes."""

    org: str | None
    project: Project | None
    app_version_id: str | None = None


class Acting:
    """Deeds on one server. Progress goes to `say`."""

    def __init__(self, client: Client, say: Say, workplace: Workplace) -> None:
        self._client = client
        self._say = say
        self._workplace = workplace

    def tools(self) -> Sequence[Callable[..., object]]:
        """List them, in the order in which they are shown."""
        return (self.run_tests, self.cancel_run, self.retry_run)

    def run_tests(
        self,
        paths: Paths = [],  # noqa: B006  # never changed; the schema shows what the default is
        grep: Annotated[str | None, Field(description="Only tests that Playwright's --grep picks with this.")] = None,
        tags: Tags = [],  # noqa: B006  # as above
        target: Annotated[Target, Field(description="Kind of device to run on.")] = Target.EMULATOR,
        priority: Annotated[Priority, Field(description="How soon to run.")] = Priority.NORMAL,
    ) -> Submitted:
        """Find tests of the project, upload it and its app unless the farm has them, and submit them as one run.

        It does not wait: wait_for_run does.
        """
        order = self._order(paths, target=target, priority=priority, grep=joined_grep(grep, tags))
        prospect = look_ahead(order, self._say)
        body = bring(self._client, self._say, order, prospect)
        return _submitted(self._client.jobs.submit_run(body))

    def cancel_run(self, run_id: RunId) -> RunCancelled:
        """Stop all jobs of a run: at once those that have not begun, the others a little later."""
        run = self._client.jobs.cancel_run(run_id)
        return RunCancelled(run_id=run["run_id"], status=run["status"], jobs=run["jobs"])

    def retry_run(
        self,
        run_id: RunId,
        failed: Annotated[bool, Field(description="Only the jobs that did not pass.")] = True,
    ) -> Submitted:
        """Submit the jobs of a finished run again, as a new run; the old one keeps its verdict."""
        return _submitted(self._client.jobs.retry_run(run_id, failed=failed))

    def _order(self, paths: Sequence[str], *, target: Target, priority: Priority, grep: str | None) -> RunOrder:
        place = self._workplace
        if place.project is None:
            raise InvalidRequest(
                "There is no Appwright project where this server was started: start it in one, or with --project-dir."
            )
        if not place.org:
            raise InvalidRequest("Which org? Start the server with --org-id or QGJOB_ORG.")
        return RunOrder(
            org_id=place.org,
            written=paths,
            cwd=place.project.root,
            project=place.project,
            app=None,
            app_version_id=place.app_version_id,
            platform=None,
            appwright_project=None,
            shard_by=ShardBy.FILE,
            devices=[WantedDevice(target=target)],
            terms=_terms(priority, grep),
            attempt=None,
        )


def _terms(priority: Priority, grep: str | None) -> JobTerms:
    return JobTerms(
        priority=priority,
        reset=ResetMode.CLEAR,
        max_retries=None,
        retry_budget=None,
        run_timeout_s=None,
        idle_timeout_s=None,
        queue_timeout_s=None,
        only=False,
        require_worker=False,
        grep=grep,
        metadata={"by": "qgjob mcp"},
    )


def _submitted(accepted: RunAccepted) -> Submitted:
    unserved = [each["message"] for each in accepted.get("unserved", ())]
    return Submitted(run_id=accepted["run_id"], jobs=len(accepted["job_ids"]), unserved=unserved)
