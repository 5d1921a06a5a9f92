"""Find the groups that jobs belong to, or make them, and say on which platform the jobs of each will run."""

from collections.abc import Collection, Mapping
from itertools import groupby
from operator import itemgetter

from qgjob.core.group import group_id_of, needs_now
from qgjob.core.requirement import Requirement
from qgjob.core.words import AppVersionId, GroupId, OrgId, Platform
from qgjob.service.books import ledger
from qgjob.service.needs.matching import know_requirements
from qgjob.store import Transaction
from qgjob.store.nouns import binary_of, columns_of

Shared = tuple[AppVersionId, Requirement]
"""What the jobs of one group of an org have in common."""


def groups_for(tx: Transaction, org_id: OrgId, wanted: Collection[Shared]) -> Mapping[Shared, tuple[GroupId, str]]:
    """Find the groups of an org, or make them; with each, the key of what it needs now."""
    ids = {shared: group_id_of(org_id, *shared) for shared in wanted}
    needs = {row["group_id"]: row["needs"] for row in tx.rows("known_groups", group_ids=sorted(set(ids.values())))}
    unknown = {group_id: shared for shared, group_id in ids.items() if group_id not in needs}
    if unknown:
        needs |= _make_groups(tx, org_id, dict(sorted(unknown.items(), key=itemgetter(0))))
    return {shared: (group_id, needs[group_id]) for shared, group_id in ids.items()}


def platforms_for(tx: Transaction, org_id: OrgId, wanted: Collection[Shared]) -> Mapping[Shared, Platform | None]:
    """Say on which platform jobs will run: the one that they name, else that of their app version where it has one."""
    unnamed = sorted({version for version, requirement in wanted if requirement.platform is None})
    rows = tx.rows("binaries_of_apps", org_id=org_id, app_version_ids=unnamed) if unnamed else []
    by_version = groupby(rows, key=itemgetter("app_version_id"))
    binaries = {version: [binary_of(row) for row in each] for version, each in by_version}
    return {
        (version, requirement): needs_now(requirement, binaries.get(version, [])).platform
        for version, requirement in wanted
    }


def _make_groups(tx: Transaction, org_id: OrgId, asked: Mapping[GroupId, Shared]) -> Mapping[GroupId, str]:
    """Make groups in their order, unless somebody else is just making them; the key of what each needs."""
    versions = sorted({version for version, _ in asked.values()})
    rows = tx.rows_each("binaries_of_app", [{"org_id": org_id, "app_version_id": version} for version in versions])
    binaries = {version: [binary_of(row) for row in found] for version, found in zip(versions, rows, strict=True)}
    needs = {group_id: needs_now(requirement, binaries[version]) for group_id, (version, requirement) in asked.items()}
    know_requirements(tx, [*(requirement for _, requirement in asked.values()), *needs.values()])
    for group_id, (version, requirement) in asked.items():
        made = tx.row(
            "find_or_make_group",
            group_id=group_id,
            org_id=org_id,
            app_version_id=version,
            requirement=requirement.key,
            needs=needs[group_id].key,
            now=tx.now,
            **columns_of(requirement),
        )
        if made is not None:
            ledger.group_made(tx, org_id)
    return {group_id: requirement.key for group_id, requirement in needs.items()}
