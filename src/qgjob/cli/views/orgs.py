"""Orgs: their weights, and what they have outstanding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.say import Block
    from qgjob.wire.orgs import OrgShown

_COLUMNS = (
    Column(title="Org", whole=True),
    Column(title="Weight", right=True),
    Column(title="Requirement", whole=True),
    Column(title="Jobs", right=True),
    Column(title="Work", right=True),
)


def orgs_view(orgs: Sequence[OrgShown]) -> Iterator[Block]:
    """Show one row per org and requirement that it has something outstanding of, or one row where it has nothing."""
    yield Table(columns=_COLUMNS, rows=tuple(row for org in orgs for row in _rows(org)))


def _rows(org: OrgShown) -> Iterator[tuple[str, ...]]:
    named = org["org_id"], f"{org['weight']:g}"
    if not org["backlog"]:
        yield *named, "-", "0", "-"
    for each in org["backlog"]:
        yield *named, each["requirement"], str(each["jobs"]), duration(each["work_s"])
