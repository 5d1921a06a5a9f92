"""Calls about what devices did, and what was learnt from it."""

from qgjob.client.transport import Transport
from qgjob.wire.estimates import EstimatesOfInstalls, EstimatesOfTests
from qgjob.wire.ledger import LedgerPage


class Ledger:
    """The ledger and the estimates."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        *,
        by: str,
        org_id: str | None = None,
        run_id: str | None = None,
        from_day: str | None = None,
        to_day: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> LedgerPage:
        """Return one page of the ledger, by day, run or org; `cursor` is the `next_cursor` of the page before."""
        query = {
            "by": by,
            "org_id": org_id,
            "run_id": run_id,
            "from": from_day,
            "to": to_day,
            "limit": limit,
            "cursor": cursor,
        }
        return self._transport.ask(LedgerPage, "GET", "/ledger", query=query, repeatable=True)

    def tests(
        self, *, org_id: str, test_path: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> EstimatesOfTests:
        """Return one page of how long an org's tests are expected to take."""
        query = {"org_id": org_id, "test_path": test_path, "limit": limit, "cursor": cursor}
        return self._transport.ask(EstimatesOfTests, "GET", "/estimates/tests", query=query, repeatable=True)

    def installs(
        self, *, org_id: str, package: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> EstimatesOfInstalls:
        """Return one page of how long an org's packages are expected to take to install."""
        query = {"org_id": org_id, "package": package, "limit": limit, "cursor": cursor}
        return self._transport.ask(EstimatesOfInstalls, "GET", "/estimates/installs", query=query, repeatable=True)
