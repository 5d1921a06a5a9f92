"""Whether the table of who meets what is what the rule says, asked of every worker and every requirement."""

from collections.abc import Iterator

from qgjob.store import Row, Transaction
from qgjob.store.nouns import requirement_of, worker_of

CHECK = "check_needs"
PROMISE = "Who meets which requirement is as the rule says, and a requirement is known by its key."


def mismatched(tx: Transaction) -> Iterator[Row]:
    """Find pairs that the table has and the rule has not, and the other way round; and keys that are not their own."""
    requirements = {row["needs"]: requirement_of(row) for row in tx.rows("all_requirements")}
    for key, requirement in requirements.items():
        if key != requirement.key:
            yield {"needs": key, "true_needs": requirement.key}
    workers = {row["number"]: worker_of(row, tx.now) for row in tx.rows("all_workers")}
    written = {(row["worker_number"], row["needs"]) for row in tx.rows("all_worker_needs")}
    true = {
        (number, key)
        for number, worker in workers.items()
        for key, requirement in requirements.items()
        if worker.meets(requirement)
    }
    for number, key in sorted(written ^ true):
        yield {"worker_number": number, "needs": key, "truly_meets": (number, key) in true}
