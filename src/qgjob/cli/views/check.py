"""What a check of a database has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qgjob.cli.say import Block
    from qgjob.service.check import Finding

_COLUMNS = (Column(title="Promise"), Column(title="Kept", whole=True))
_MOST_SHOWN = 10


def check_view(findings: Sequence[Finding]) -> Iterator[Block]:
    """Show every promise and whether it is kept, then the first rows that break one."""
    yield Table(columns=_COLUMNS, rows=tuple((finding.promise, _kept(finding)) for finding in findings))
    for finding in findings:
        if finding.broken_by:
            yield ""
            yield f"Broken: {finding.promise}"
            yield from (f"  {_row(row)}" for row in finding.broken_by[:_MOST_SHOWN])
            if len(finding.broken_by) > _MOST_SHOWN:
                yield f"  and {len(finding.broken_by) - _MOST_SHOWN} more; -o json shows up to a hundred"


def _kept(finding: Finding) -> str:
    return "NO" if finding.broken_by else "ok"


def _row(row: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items())
