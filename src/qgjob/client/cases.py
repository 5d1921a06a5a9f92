"""Calls about cases: of a run, of an org over its last runs, and those that are muted."""

from qgjob.client.address import path_of
from qgjob.client.transport import Transport
from qgjob.wire.cases import CaseHistoryShown, CasePage, MuteBody, MuteList, MuteShown, RunCasePage, RunCaseShown


class Cases:
    """What became of single tests."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def of_run(self, run_id: str, *, limit: int | None = None, cursor: str | None = None) -> RunCasePage:
        """Return one page of the cases of a run; `cursor` is the `next_cursor` of the page before."""
        query = {"limit": limit, "cursor": cursor}
        return self._transport.ask(RunCasePage, "GET", path_of("runs", run_id, "cases"), query=query, repeatable=True)

    def all_of_run(self, run_id: str) -> list[RunCaseShown]:
        """Return every case of a run."""
        page = self.of_run(run_id)
        cases = page["cases"]
        while cursor := page["next_cursor"]:
            page = self.of_run(run_id, cursor=cursor)
            cases += page["cases"]
        return cases

    def of_org(
        self, org_id: str, *, order: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> CasePage:
        """Return one page of an org's cases; `order` as in `CasePage`."""
        query = {"order": order, "limit": limit, "cursor": cursor}
        return self._transport.ask(CasePage, "GET", path_of("orgs", org_id, "cases"), query=query, repeatable=True)

    def history(self, org_id: str, case_id: str) -> CaseHistoryShown:
        """Return how a case did in its last runs."""
        path = path_of("orgs", org_id, "cases", case_id)
        return self._transport.ask(CaseHistoryShown, "GET", path, repeatable=True)

    def mutes(self, org_id: str) -> MuteList:
        """Return the cases of an org that are muted now."""
        return self._transport.ask(MuteList, "GET", path_of("orgs", org_id, "mutes"), repeatable=True)

    def mute(self, org_id: str, case_id: str, body: MuteBody) -> MuteShown:
        """Let a case decide nothing for some time, or change until when."""
        path = path_of("orgs", org_id, "mutes", case_id)
        return self._transport.ask(MuteShown, "PUT", path, body=body, repeatable=True)

    def unmute(self, org_id: str, case_id: str) -> MuteShown:
        """Let a case decide again; return the mute that it had. Raises NotFound when it is not muted."""
        path = path_of("orgs", org_id, "mutes", case_id)
        return self._transport.ask(MuteShown, "DELETE", path, repeatable=True)
