"""The jobs of a run that is not submitted, as they would be in the store: in which groups, how long, where in line.

Nothing of it need be uploaded: a bundle or an app that is not there is supposed to come, and to fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from operator import itemgetter

from qgjob.core.app import AppBinary
from qgjob.core.group import group_id_of, needs_now
from qgjob.core.job import JobRequest
from qgjob.core.policy import Rank, Rule, Standing
from qgjob.core.requirement import Requirement, requirement_for
from qgjob.core.words import AppVersionId, GroupId, OrgId
from qgjob.service.books import learning
from qgjob.service.jobs.admission import Bundles, admit
from qgjob.service.jobs.demand import Demand, demand_for
from qgjob.service.jobs.places_in_line import Line, standings_of
from qgjob.service.needs.standing import workers_that_would
from qgjob.store import Transaction
from qgjob.store.nouns import binary_of

NEXT_RUN = 2**62
"""The number of a run that is newer than all others."""


@dataclass(frozen=True, kw_only=True)
class SupposedGroup:
    """A group that jobs would join. `needs`: its requirement, sharpened by what is uploaded, if anything is."""

    group_id: GroupId
    org_id: OrgId
    app_version_id: AppVersionId
    needs: Requirement
    is_uploaded: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """The jobs of a group that would share a place in line, and so follow one another on its list, longest first."""

    group: SupposedGroup
    standing: Standing
    estimates_us: list[int] = field(default_factory=list)

    @property
    def rank(self) -> Rank:
        """How they would compare with others."""
        return Rank(lane=self.standing.lane, due_at=self.standing.due_at, run=NEXT_RUN)


def admitted(tx: Transaction, requests: Sequence[JobRequest]) -> Sequence[JobRequest]:
    """Check requests as a submission does, but for bundles that are not there. Raises InvalidRequest."""
    bundles = Bundles(tx)
    return admit(
        [
            request if bundles.files(request.org_id, request.bundle) is not None else replace(request, bundle=None)
            for request in requests
        ],
        bundles,
        now=tx.now,
    )


def blocks_of(tx: Transaction, requests: Sequence[JobRequest], rule: Rule) -> list[Block]:
    """Lay out admitted requests of one org, best rank first."""
    org_id = requests[0].org_id
    requirements = [replace(requirement_for(request), own_project=False) for request in requests]
    groups = _groups(tx, org_id, list(zip((each.app_version_id for each in requests), requirements, strict=True)))
    tests = [(each.test_path, each.target, group.needs.platform) for each, group in zip(requests, groups, strict=True)]
    times = learning.test_times(tx, org_id, set(tests))
    lines = [
        Line(NEXT_RUN, requirement, request.priority, request.deadline_at)
        for request, requirement in zip(requests, requirements, strict=True)
    ]
    estimates = [times[test] for test in tests]
    demand = partial(_demand, tx, org_id)
    standings = standings_of(zip(lines, estimates, strict=True), demand, rule, now=tx.now)
    blocks: dict[tuple[GroupId, Standing], Block] = {}
    for group, line, estimate_us in zip(groups, lines, estimates, strict=True):
        standing = standings[line]
        block = blocks.setdefault((group.group_id, standing), Block(group=group, standing=standing))
        block.estimates_us.append(estimate_us)
    return sorted(blocks.values(), key=lambda block: (block.rank, block.group.group_id))


def _groups(
    tx: Transaction, org_id: OrgId, wanted: Sequence[tuple[AppVersionId, Requirement]]
) -> Sequence[SupposedGroup]:
    """Find or suppose the group of each of these."""
    binaries = _binaries(tx, org_id, {version for version, _ in wanted})
    known = {
        (version, requirement): SupposedGroup(
            group_id=group_id_of(org_id, version, requirement),
            org_id=org_id,
            app_version_id=version,
            needs=needs_now(requirement, binaries[version]) if version in binaries else requirement,
            is_uploaded=version in binaries,
        )
        for version, requirement in set(wanted)
    }
    return [known[each] for each in wanted]


def _binaries(
    tx: Transaction, org_id: OrgId, versions: set[AppVersionId]
) -> Mapping[AppVersionId, Sequence[AppBinary]]:
    rows = tx.rows("binaries_of_apps", org_id=org_id, app_version_ids=sorted(versions))
    by_version = groupby(rows, key=itemgetter("app_version_id"))
    return {version: [binary_of(row) for row in each] for version, each in by_version}


def _demand(tx: Transaction, org_id: OrgId, requirement: Requirement) -> Demand:
    """Read what the org has outstanding; workers are counted by hand where nobody has asked for the like before."""
    demand = demand_for(tx, org_id, requirement)
    demand.workers = demand.workers or workers_that_would(tx, requirement)
    return demand
