"""Calls about jobs, runs and groups."""

from qgjob.client.address import path_of
from qgjob.client.transport import Transport
from qgjob.wire.jobs import (
    AttemptList,
    GroupPage,
    JobAccepted,
    JobBody,
    JobChange,
    JobPage,
    JobShown,
    RunAccepted,
    RunBody,
    RunPage,
    RunRetryBody,
    RunShown,
)
from qgjob.wire.prospects import JobDetail, JobExplained, PlanShown, RunDetail


class Jobs:
    """What people and scripts do with jobs. However often a submission is sent by itself, it makes its jobs once."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def submit(self, body: JobBody) -> JobAccepted:
        """Submit one job."""
        return self._transport.ask(JobAccepted, "POST", "/jobs", body=body, repeatable=False)

    def submit_run(self, body: RunBody, *, key: str | None = None) -> RunAccepted:
        """Submit many jobs together, all or nothing. Job ids come back in the order of the request.

        `key`: the same body under the same key is the same run, for a day. None: a new run.
        """
        return self._transport.ask(RunAccepted, "POST", "/runs", body=body, repeatable=False, key=key)

    def plan(self, body: RunBody) -> PlanShown:
        """Ask what a run would come to if it were submitted now; nothing is stored."""
        return self._transport.ask(PlanShown, "POST", "/runs/plan", body=body, repeatable=True)

    def get(self, job_id: str, *, prospect: bool = True) -> JobDetail:
        """Return one job as it stands now; `prospect`: and what is ahead of it, which costs the server some time."""
        query = {"prospect": None if prospect else "false"}
        return self._transport.ask(JobDetail, "GET", path_of("jobs", job_id), query=query, repeatable=True)

    def explain(self, job_id: str) -> JobExplained:
        """Return why a job waits, when it is done, and why it was given to the workers that had it."""
        return self._transport.ask(JobExplained, "GET", path_of("jobs", job_id, "explain"), repeatable=True)

    def get_run(self, run_id: str, *, prospect: bool = True, wait_s: float = 0.0) -> RunDetail:
        """Return one run with its counts and the ids of its jobs; held open for `wait_s` until it is over.

        `prospect`: and when it is done.
        """
        query = {"prospect": None if prospect else "false", "wait": wait_s or None}
        path = path_of("runs", run_id)
        return self._transport.ask(RunDetail, "GET", path, query=query, repeatable=True, wait_s=wait_s)

    def runs(self, *, org_id: str | None = None, limit: int | None = None, cursor: str | None = None) -> RunPage:
        """Return one page of runs, newest first; `cursor` is the `next_cursor` of the page before."""
        query = {"org_id": org_id, "limit": limit, "cursor": cursor}
        return self._transport.ask(RunPage, "GET", "/runs", query=query, repeatable=True)

    def page(
        self,
        *,
        run_id: str | None = None,
        org_id: str | None = None,
        status: str | None = None,
        app_version_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> JobPage:
        """Return one page of jobs, oldest first; `cursor` is the `next_cursor` of the page before."""
        query = {
            "run_id": run_id,
            "org_id": org_id,
            "status": status,
            "app_version_id": app_version_id,
            "limit": limit,
            "cursor": cursor,
        }
        return self._transport.ask(JobPage, "GET", "/jobs", query=query, repeatable=True)

    def all_of_run(self, run_id: str) -> list[JobShown]:
        """Return every job of a run, oldest first."""
        page = self.page(run_id=run_id)
        jobs = page["jobs"]
        while cursor := page["next_cursor"]:
            page = self.page(run_id=run_id, cursor=cursor)
            jobs += page["jobs"]
        return jobs

    def groups(self, *, org_id: str | None = None, limit: int | None = None, cursor: str | None = None) -> GroupPage:
        """Return one page of groups."""
        query = {"org_id": org_id, "limit": limit, "cursor": cursor}
        return self._transport.ask(GroupPage, "GET", "/groups", query=query, repeatable=True)

    def attempts(self, job_id: str) -> AttemptList:
        """Return all attempts of a job with their cases and the names of their evidence."""
        return self._transport.ask(AttemptList, "GET", path_of("jobs", job_id, "attempts"), repeatable=True)

    def cancel(self, job_id: str) -> JobShown:
        """Ask for a job to be stopped. A running one ends a little later; one that ended otherwise is a Conflict."""
        return self._transport.ask(JobShown, "POST", path_of("jobs", job_id, "cancel"), repeatable=True)

    def retry(self, job_id: str) -> JobAccepted:
        """Submit a finished job again, as a new job that names the old one in `retry_of`."""
        return self._transport.ask(JobAccepted, "POST", path_of("jobs", job_id, "retry"), repeatable=False)

    def cancel_run(self, run_id: str) -> RunShown:
        """Ask for all jobs of a run to be stopped that are not final; asking again changes nothing."""
        return self._transport.ask(RunShown, "POST", path_of("runs", run_id, "cancel"), repeatable=True)

    def retry_run(self, run_id: str, *, failed: bool) -> RunAccepted:
        """Submit the jobs of a finished run again, or those that did not pass, as a new run."""
        body = RunRetryBody(failed=failed)
        return self._transport.ask(RunAccepted, "POST", path_of("runs", run_id, "retry"), body=body, repeatable=False)

    def change(self, job_id: str, body: JobChange) -> JobShown:
        """Report as a protocol-1 worker does."""
        return self._transport.ask(JobShown, "PUT", path_of("jobs", job_id), body=body, repeatable=False)
