"""Calls about orgs: what share of the farm each of them has."""

from qgjob.client.address import path_of
from qgjob.client.transport import Transport
from qgjob.wire.orgs import OrgBody, OrgPage, OrgShown


class Orgs:
    """The tenants of the farm."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, *, limit: int | None = None, cursor: str | None = None) -> OrgPage:
        """Return one page of orgs, by their ids; `cursor` is the `next_cursor` of the page before."""
        query = {"limit": limit, "cursor": cursor}
        return self._transport.ask(OrgPage, "GET", "/orgs", query=query, repeatable=True)

    def all(self) -> OrgPage:
        """Return every org the server knows, as one page."""
        page = self.page()
        orgs = page["orgs"]
        while cursor := page["next_cursor"]:
            page = self.page(cursor=cursor)
            orgs += page["orgs"]
        return OrgPage(count=len(orgs), orgs=orgs, next_cursor=None)

    def weigh(self, org_id: str, weight: float) -> OrgShown:
        """Give an org a weight, for what it submits from now on."""
        body = OrgBody(weight=weight)
        return self._transport.ask(OrgShown, "PUT", path_of("orgs", org_id), body=body, repeatable=True)
