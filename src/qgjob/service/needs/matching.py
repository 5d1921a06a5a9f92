"""Find out which workers meet which requirements, when either is new: the table that claims and counts go by.

Who does so holds a lock until the commit: a worker and a requirement that come at once on two servers see each other.
It is never waited for by who has the turn (decision 16): such a transaction gives up after a moment and comes again.
"""

from collections.abc import Collection, Iterable, Iterator

from qgjob.core.requirement import Requirement
from qgjob.store import Row, Transaction
from qgjob.store.nouns import columns_of, names_of, requirement_of, traits_of


def know_requirements(tx: Transaction, requirements: Iterable[Requirement]) -> None:
    """Know these requirements from now on; those that are new are compared with all workers."""
    by_key = {requirement.key: requirement for requirement in requirements}
    known = {row["needs"] for row in tx.rows("known_requirements", needs=sorted(by_key))}
    if by_key.keys() <= known:
        return
    _be_alone(tx)
    new = [requirement for key, requirement in sorted(by_key.items()) if key not in known and _make(tx, requirement)]
    workers = tx.rows("all_workers") if new else []
    tx.execute_many("insert_worker_needs", [_pair(*each) for each in pairs(workers, new)])


def match_workers(tx: Transaction, workers: Collection[Row]) -> None:
    """Find out anew what these workers meet, rows of `workers` that came or changed. For `Store.decide`."""
    if not workers:
        return
    _be_alone(tx)
    requirements = [requirement_of(row) for row in tx.rows("all_requirements")]
    tx.execute_many("forget_worker_needs", [{"worker_number": row["number"]} for row in workers])
    tx.execute_many("insert_worker_needs", [_pair(*each) for each in pairs(workers, requirements)])


def pairs(workers: Iterable[Row], requirements: Collection[Requirement]) -> Iterator[tuple[int, str]]:
    """List who meets what, worker by worker: its number and the key of the requirement."""
    for row in workers:
        traits = traits_of(row, names=names_of(row))
        for requirement in requirements:
            if requirement.is_met_by(traits):
                yield row["number"], requirement.key


def _pair(worker_number: int, needs: str) -> dict[str, int | str]:
    return {"worker_number": worker_number, "needs": needs}


def _make(tx: Transaction, requirement: Requirement) -> bool:
    """Write a requirement down; False when another has done so before this transaction was alone."""
    return tx.row("make_requirement", needs=requirement.key, **columns_of(requirement)) is not None


def _be_alone(tx: Transaction) -> None:
    tx.execute("make_matching")
    tx.rows("take_matching")
