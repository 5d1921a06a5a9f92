"""Orgs on the wire: what share of the farm each has, and what it has outstanding."""

from typing import Annotated

from annotated_types import Ge, Le
from typing_extensions import TypedDict


class OrgBody(TypedDict):
    """`PUT /orgs/{org_id}`. `weight`: its share against the other orgs that have work; 1 where nothing was said."""

    weight: Annotated[float, Ge(0.01), Le(100)]


class BacklogShown(TypedDict):
    """What an org has outstanding of a requirement: jobs that are not final, and the estimated time of them all."""

    requirement: str
    jobs: int
    work_s: float


class OrgShown(TypedDict):
    """One org. Answer to `PUT /orgs/{org_id}`."""

    org_id: str
    weight: float
    backlog: list[BacklogShown]


class OrgPage(TypedDict):
    """`GET /orgs`: those that have, or had, jobs or a weight, by their ids."""

    count: int
    orgs: list[OrgShown]
    next_cursor: str | None
