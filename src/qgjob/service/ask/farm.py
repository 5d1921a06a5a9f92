"""Questions about the farm as a whole: groups, workers, totals."""

from qgjob.core.group import Group
from qgjob.core.totals import Stats
from qgjob.core.words import OrgId
from qgjob.core.worker import Worker
from qgjob.service.ask.page import Page
from qgjob.store import Transaction


def groups(tx: Transaction, *, org_id: OrgId | None, limit: int, cursor: str | None = None) -> Page[Group]:
    """Groups, oldest first. Raises InvalidRequest for a cursor that we did not give."""
    raise NotImplementedError


def workers(tx: Transaction) -> tuple[Worker, ...]:
    """All workers that ever registered, oldest first, with their status as of now."""
    raise NotImplementedError


def stats(tx: Transaction) -> Stats:
    """The farm's totals, from counters: the cost does not grow with the number of jobs."""
    raise NotImplementedError
