"""What a run would come to if it were submitted now: its jobs are put into a forecast, and nowhere else.

Not counted is what would make room for it (the runs that it would supersede), and what others submit meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core import estimate
from qgjob.core.ahead import Planned
from qgjob.core.forecast import Forecast, forecast
from qgjob.core.job import JobRequest
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.requirement import Requirement
from qgjob.core.words import GroupId
from qgjob.core.worker_class import WorkerClass
from qgjob.service.ask.ahead import MOST_BEFORE, MOST_GROUPS, Supposed, farm_ahead
from qgjob.service.ask.supposing import NEXT_RUN, Block, SupposedGroup, admitted, blocks_of
from qgjob.service.books import learning
from qgjob.service.needs.standing import why_unserved
from qgjob.service.submit import UnservedJobs
from qgjob.store import Row, Transaction
from qgjob.store.nouns import columns_of, length_of

_NOTHING = {"waiting": 0, "work_us": 0, "urgent": 0, "urgent_us": 0, "servers": 0, "ends_ms": 0}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """About what a run would come to. `workers` and `installs`: as far as the forecast goes; None: there is none.

    `done_in` None: that cannot be told; `not_before_in` then says when it is not yet, as far as that is known.
    """

    jobs: int
    workers: int | None
    installs: int | None
    done_in: timedelta | None
    not_before_in: timedelta | None
    unserved: tuple[UnservedJobs, ...]


def plan_run(tx: Transaction, *, requests: Sequence[JobRequest], rule: Rule = SHIPPED) -> Plan:
    """Say what a run of these jobs would come to. Raises InvalidRequest as `submit` does, but for unknown bundles."""
    blocks = blocks_of(tx, admitted(tx, requests), rule)
    planned = [(block.group, _planned(tx, block)) for block in blocks[:MOST_GROUPS]]
    told = _forecast(tx, planned, rule)
    unserved = _unserved(tx, blocks)
    if told is None:
        return Plan(
            jobs=len(requests), workers=None, installs=None, done_in=None, not_before_in=None, unserved=unserved
        )
    all_counted = len(planned) == len(blocks) and all(each.before < MOST_BEFORE for _, each in planned)
    is_known = all_counted and not told.planned.left
    return Plan(
        jobs=len(requests),
        workers=told.planned.workers,
        installs=told.planned.installs,
        done_in=told.planned.done_in if is_known else None,
        not_before_in=None if is_known else _not_before(told, [each for _, each in planned]),
        unserved=unserved,
    )


def _planned(tx: Transaction, block: Block) -> Planned:
    """Put a block behind what waits in its group and comes before it."""
    rank, estimates_us = block.rank, block.estimates_us
    before = tx.only(
        "jobs_before",
        group_id=block.group.group_id,
        lane=rank.lane,
        due_at=rank.due_at,
        run_number=NEXT_RUN,
        slow_us=0,
        job_number=0,
        limit=MOST_BEFORE,
    )
    return Planned(
        rank=rank,
        jobs=len(estimates_us),
        work=length_of(sum(estimates_us)),
        shortest=length_of(min(estimates_us)),
        before=before["jobs"],
        work_before=length_of(before["work_us"]),
    )


def _forecast(tx: Transaction, planned: Sequence[tuple[SupposedGroup, Planned]], rule: Rule) -> Forecast | None:
    """Run the rule forward; None: there are too many workers for that."""
    groups = {group.group_id: group for group, _ in planned}
    by_group: dict[GroupId, list[Planned]] = {}
    for group, each in planned:
        by_group.setdefault(group.group_id, []).append(each)
    supposed = Supposed(
        groups={group_id: _row(tx, group) for group_id, group in groups.items()},
        needs={group.needs.key: group.needs for group in groups.values()},
        installs=_installs_of_unknown_apps(tx, [group for group in groups.values() if not group.is_uploaded]),
    )
    farm = farm_ahead(tx, by_group, supposed)
    return None if farm is None else forecast(farm, rule)


def _row(tx: Transaction, group: SupposedGroup) -> Row:
    known = tx.row("group_by_id", group_id=group.group_id)
    ids = {"group_id": group.group_id, "org_id": group.org_id, "app_version_id": group.app_version_id}
    return {**_NOTHING, **ids, **columns_of(group.needs), **(known or {}), "needs": group.needs.key}


def _installs_of_unknown_apps(tx: Transaction, groups: Sequence[SupposedGroup]) -> Mapping[GroupId, timedelta]:
    """Expect of an app that nobody has seen what the org's apps take to install, as far as that is known."""
    if not groups:
        return {}
    known = learning.installs_of_org(tx, groups[0].org_id)
    return {group.group_id: estimate.time_of_install(_class(group.needs), known) for group in groups}


def _class(needs: Requirement) -> WorkerClass:
    return WorkerClass(target=needs.target, platform=needs.platform, model="")


def _not_before(told: Forecast, planned: Sequence[Planned]) -> timedelta | None:
    """Say when it is not done yet; None: not even that, as nobody ever takes anything of it."""
    known = [told.planned.done_in] if told.planned.workers else []
    if told.upto is not None:
        known.append(told.upto + min(each.shortest for each in planned))
    return max(known, default=None)


def _unserved(tx: Transaction, blocks: Sequence[Block]) -> tuple[UnservedJobs, ...]:
    jobs: dict[Requirement, int] = {}
    for block in blocks:
        jobs[block.group.needs] = jobs.get(block.group.needs, 0) + len(block.estimates_us)
    reasons = {needs: why_unserved(tx, needs) for needs in jobs}
    return tuple(UnservedJobs(jobs=jobs[needs], why=why) for needs, why in reasons.items() if why is not None)
