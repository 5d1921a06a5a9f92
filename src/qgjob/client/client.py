"""The client as its users hold it: one part per resource over one connection pool. It does nothing itself."""

from types import TracebackType
from typing import Self

from qgjob.client.apps import Apps
from qgjob.client.bundles import Bundles
from qgjob.client.cases import Cases
from qgjob.client.evidence import Evidence
from qgjob.client.farm import Farm
from qgjob.client.jobs import Jobs
from qgjob.client.leases import Leases
from qgjob.client.ledger import Ledger
from qgjob.client.orgs import Orgs
from qgjob.client.transport import Transport
from qgjob.client.workers import Workers


class Client:
    """A connection to one server. Safe to share between threads; close it when done.

    `timeout_s` bounds each wait for the server to take or give bytes, not a whole transfer. `token` is sent as a bearer
    token. Every call may raise any `QgjobError`: `Unreachable` when no server answered, else what the server said.
    """

    def __init__(self, base_url: str, *, timeout_s: float, token: str | None = None) -> None:
        self._transport = Transport(base_url, timeout_s=timeout_s, token=token)
        self.apps = Apps(self._transport)
        self.bundles = Bundles(self._transport)
        self.cases = Cases(self._transport)
        self.evidence = Evidence(self._transport)
        self.farm = Farm(self._transport)
        self.jobs = Jobs(self._transport)
        self.leases = Leases(self._transport)
        self.ledger = Ledger(self._transport)
        self.orgs = Orgs(self._transport)
        self.workers = Workers(self._transport)

    def close(self) -> None:
        """Close every connection; the client cannot be used afterwards."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
