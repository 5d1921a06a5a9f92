"""A person takes a worker out of work, and lets it back in."""

from qgjob.core.facts import Fact, FactKind
from qgjob.core.quarantine import Conduct
from qgjob.core.words import WorkerId
from qgjob.core.worker import Worker
from qgjob.service import ask, find
from qgjob.service.leasing.conduct import write_conduct
from qgjob.store import WORK, Transaction


def drain(tx: Transaction, *, worker_id: WorkerId) -> Worker:
    """Give a worker no more work; what it has in hand it brings to its end. Raises NotFound.

    It stays so, also over restarts of its agent, until `resume`. A verb for `Store.decide`.
    """
    tx.settle()
    if not find.worker(tx, worker_id).draining:
        tx.book("set_draining", worker_id, worker_id=worker_id, draining=True)
        tx.record(Fact(kind=FactKind.WORKER_DRAINING, worker_id=worker_id))
    return _as_it_is(tx, worker_id)


def resume(tx: Transaction, *, worker_id: WorkerId) -> Worker:
    """Let a worker have work again that drained or is in quarantine; its faults are forgiven. Raises NotFound.

    A verb for `Store.decide`.
    """
    tx.settle()
    before = find.worker(tx, worker_id)
    tx.book("set_draining", worker_id, worker_id=worker_id, draining=False)
    write_conduct(tx, worker_id, Conduct())
    if before.draining or before.conduct != Conduct():
        tx.record(Fact(kind=FactKind.WORKER_CLEARED, worker_id=worker_id, data={"because": "a person said so"}))
        tx.touch(WORK)
    return _as_it_is(tx, worker_id)


def _as_it_is(tx: Transaction, worker_id: WorkerId) -> Worker:
    tx.settle()
    return ask.worker(tx, worker_id=worker_id)
