"""Calls about workers, and those that a protocol-1 worker lives by."""

from qgjob.client.address import path_of
from qgjob.client.transport import Transport
from qgjob.wire.apps import WorkerBody, WorkerPage, WorkerRegistered, WorkerShown
from qgjob.wire.jobs import HeartbeatAnswer
from qgjob.wire.prospects import WorkerExplained


class Workers:
    """The devices of the farm."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, *, limit: int | None = None, cursor: str | None = None) -> WorkerPage:
        """Return one page of workers, oldest first; `cursor` is the `next_cursor` of the page before."""
        query = {"limit": limit, "cursor": cursor}
        return self._transport.ask(WorkerPage, "GET", "/workers", query=query, repeatable=True)

    def all(self) -> WorkerPage:
        """Return every worker the server knows, as one page."""
        page = self.page()
        workers = page["workers"]
        while cursor := page["next_cursor"]:
            page = self.page(cursor=cursor)
            workers += page["workers"]
        return WorkerPage(count=len(workers), workers=workers, next_cursor=None)

    def explain(self, worker_id: str) -> WorkerExplained:
        """Return why a worker does what it does, and why it took what it took last."""
        return self._transport.ask(WorkerExplained, "GET", path_of("workers", worker_id, "explain"), repeatable=True)

    def register(self, body: WorkerBody) -> WorkerRegistered:
        """Register a protocol-1 worker. Each call makes another one."""
        return self._transport.ask(WorkerRegistered, "POST", "/workers", body=body, repeatable=False)

    def drain(self, worker_id: str) -> WorkerShown:
        """Give a worker no more work; what it has in hand it brings to its end."""
        return self._transport.ask(WorkerShown, "POST", path_of("workers", worker_id, "drain"), repeatable=True)

    def resume(self, worker_id: str) -> WorkerShown:
        """Let a worker have work again that drains or is in quarantine."""
        return self._transport.ask(WorkerShown, "POST", path_of("workers", worker_id, "resume"), repeatable=True)

    def heartbeat(self, worker_id: str) -> HeartbeatAnswer:
        """Give a protocol-1 worker's sign of life and ask for work."""
        path = path_of("workers", worker_id, "heartbeat")
        return self._transport.ask(HeartbeatAnswer, "POST", path, repeatable=True)
