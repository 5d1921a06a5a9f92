"""Calls about the farm as a whole: is it well, what has it done, what has happened."""

from qgjob.client.transport import Transport
from qgjob.wire.apps import FactPage, HealthShown
from qgjob.wire.jobs import StatsShown


class Farm:
    """The farm as a whole."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def health(self) -> HealthShown:
        """Ask once, without repeating. Raises Unavailable naming the failing part when the server is not well."""
        return self._transport.ask(HealthShown, "GET", "/health", repeatable=False)

    def stats(self) -> StatsShown:
        """Return the counts of jobs and workers, and the ledger's totals."""
        return self._transport.ask(StatsShown, "GET", "/stats", repeatable=True)

    def facts(
        self,
        *,
        after: int,
        wait_s: float = 0.0,
        org_id: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
    ) -> FactPage:
        """Return what happened after fact `after`, oldest first; held open for `wait_s` while there is nothing new."""
        query = {"after": after, "wait_s": wait_s, "org_id": org_id, "run_id": run_id, "limit": limit}
        return self._transport.ask(FactPage, "GET", "/facts", query=query, repeatable=True, wait_s=wait_s)
