"""Count everything anew and compare: sums, counters and places must be what the rows say."""

from pathlib import Path

from qgjob.store import Transaction
from qgjob.store.statements import parse

_CHECKS = parse(Path(__file__).with_name("recount.sql").read_text("utf-8"), source="recount.sql")


def recount(tx: Transaction) -> None:
    """Every check finds rows that are wrong; there must be none."""
    for name, sql in _CHECKS.items():
        wrong = tx._connection.rows(sql, {})
        assert wrong == [], name
