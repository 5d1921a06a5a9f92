"""Orgs, as shown."""

from qgjob.core.org import Org
from qgjob.wire.orgs import BacklogShown, OrgShown


def org_shown(org: Org) -> OrgShown:
    """Show an org."""
    return OrgShown(
        org_id=org.org_id,
        weight=org.weight,
        backlog=[
            BacklogShown(requirement=each.requirement, jobs=each.jobs, work_s=each.work.total_seconds())
            for each in org.backlog
        ],
    )
