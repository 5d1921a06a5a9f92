"""Find out which workers meet which requirements, when either is new: the table that claims and counts go by.

Who does so holds a lock until the commit: a worker and a requirement that come at once on two servers see each other.
It is never waited for by who has the turn (decision 16): such a transaction gives up after a moment and comes again.
"""

from collections.abc import Collection, Iterable

from qgjob.core.requirement import Requirement, Traits
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
    traits = {row["number"]: _traits(row) for row in tx.rows("all_workers")} if new else {}
    for requirement in new:
        numbers = [number for number, each in traits.items() if requirement.is_met_by(each)]
        tx.execute("meet_requirement", needs=requirement.key, worker_numbers=numbers)


def match_workers(tx: Transaction, workers: Collection[Row]) -> None:
    """Find out anew what these workers meet, rows of `workers` that came or changed. For `Store.decide`."""
    if not workers:
        return
    _be_alone(tx)
    requirements = [requirement_of(row) for row in tx.rows("all_requirements")]
    tx.execute_many("forget_worker_needs", [{"worker_number": row["number"]} for row in workers])
    for row in workers:
        traits = _traits(row)
        met = [requirement.key for requirement in requirements if requirement.is_met_by(traits)]
        tx.execute("meet_requirements", worker_number=row["number"], needs=met)


def _traits(row: Row) -> Traits:
    return traits_of(row, names=names_of(row))


def _make(tx: Transaction, requirement: Requirement) -> bool:
    """Write a requirement down; False when another has done so before this transaction was alone."""
    return tx.row("make_requirement", needs=requirement.key, **columns_of(requirement)) is not None


def _be_alone(tx: Transaction) -> None:
    tx.execute("make_matching")
    tx.rows("take_matching")
