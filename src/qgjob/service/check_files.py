"""Whether every uploaded file is where the database says, with the bytes that its hash stands for."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice

from qgjob.core.words import Sha256
from qgjob.service.check import MOST_SHOWN, Finding
from qgjob.store import Blobs, Row, Transaction, Visitor

_PAGE = 1000
_STATEMENTS: Mapping[str, str] = {
    "evidence": "files_of_evidence",
    "bundle": "files_of_bundles",
    "app version": "files_of_apps",
}


def check_files(visitor: Visitor, blobs: Blobs) -> Finding:
    """Read all files that the database names, and compare. Many short questions: it may take hours."""
    wrong = (row for kind in _STATEMENTS for row in _wrong(visitor, blobs, kind))
    return Finding(
        name="check_files",
        promise="Every uploaded file is there, with the bytes of its hash.",
        broken_by=tuple(islice(wrong, MOST_SHOWN)),
    )


def _wrong(visitor: Visitor, blobs: Blobs, kind: str) -> Iterator[Row]:
    for row in _files(visitor, kind):
        problem = blobs.problem(Sha256(row["sha256"]))
        if problem is not None and _is_named(visitor, row["sha256"]):  # not removed by its right meanwhile
            yield {"sha256": row["sha256"], "problem": problem, "kind": kind, "named_by": row["named_by"]}


def _files(visitor: Visitor, kind: str) -> Iterator[Row]:
    after = ""
    while rows := visitor.ask(partial(_page, kind=kind, after=after)):
        yield from rows
        after = rows[-1]["sha256"]


def _page(tx: Transaction, *, kind: str, after: str) -> list[Row]:
    return tx.rows(_STATEMENTS[kind], after=after, limit=_PAGE)


def _is_named(visitor: Visitor, sha256: str) -> bool:
    return bool(visitor.ask(lambda tx: tx.rows("files_named", files=[sha256])))
