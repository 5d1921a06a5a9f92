"""The memory of the farm: transactions over named SQL, group commit, blobs, migrations.

It narrows and counts; it decides nothing.
"""

from qgjob.store.blobs import Blobs
from qgjob.store.books import Turn
from qgjob.store.clock import Clock, system_clock
from qgjob.store.dialect import Row
from qgjob.store.store import Store
from qgjob.store.topics import ENDS, FACTS, WORK
from qgjob.store.transaction import Transaction
from qgjob.store.visitor import Visitor, visiting

__all__ = [
    "ENDS",
    "FACTS",
    "WORK",
    "Blobs",
    "Clock",
    "Row",
    "Store",
    "Transaction",
    "Turn",
    "Visitor",
    "system_clock",
    "visiting",
]
