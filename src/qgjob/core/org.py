"""An org as the farm sees it: its weight, and what it has outstanding."""

from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.words import OrgId


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """The jobs of an org on a requirement (by its key) that are not final, and the sum of their estimates."""

    requirement: str
    jobs: int
    work: timedelta


@dataclass(frozen=True, kw_only=True)
class Org:
    """`weight` is its share of the farm against the weights of the others that have work."""

    org_id: OrgId
    weight: float
    backlog: tuple[Backlog, ...]
