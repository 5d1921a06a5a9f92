"""The reckoning after a run: every broken promise, a sentence each. Nothing of the farm runs any more."""

import json

from chaos.diary import Diary
from chaos.farm import Farm
from chaos.promises import PROMISES
from chaos.records import read_records
from qgjob.service import check
from qgjob.store import Store

_MOST_ROWS = 3


def reckon(farm: Farm, diary: Diary) -> list[str]:
    """Ask everything."""
    records = read_records(farm)
    sentences = [sentence for promise in PROMISES for sentence in promise(records, diary)]
    broken = [*sentences, *_books(farm)]
    if broken:  # the database itself may be gone with the run
        tables = json.dumps(records.tables, indent=1, default=str)
        diary.path.with_name("tables.json").write_text(tables, encoding="utf-8")
    return broken


def _books(farm: Farm) -> list[str]:
    """What the farm's own check finds."""
    store = Store.open(farm.database)
    try:
        findings = store.read(check.broken).result()
    finally:
        store.close()
    return [
        f"books: {finding.promise} But: {'; '.join(map(str, finding.broken_by[:_MOST_ROWS]))}" for finding in findings
    ]
