"""The tools that make the farm do something. They are there only where the server was started for it."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import Field

from qgjob.cli.mcp.told import RunCancelled, Submitted
from qgjob.client import Client

RunId = Annotated[str, Field(description="Id of the run.")]


class Acting:
    """Deeds on one server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def tools(self) -> Sequence[Callable[..., object]]:
        """List them, in the order in which they are shown."""
        return (self.cancel_run, self.retry_run)

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
        accepted = self._client.jobs.retry_run(run_id, failed=failed)
        unserved = [each["message"] for each in accepted.get("unserved", ())]
        return Submitted(run_id=accepted["run_id"], jobs=len(accepted["job_ids"]), unserved=unserved)
