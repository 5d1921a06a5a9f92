"""What WarmSplit is measured against: two plain rules, through the very verbs and the picture that it gets."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from qgjob.core.errors import ConfigurationError
from qgjob.core.packing import MOST_JOBS
from qgjob.core.policy import (
    SHIPPED,
    Asked,
    Because,
    Choice,
    GroupPicture,
    Picture,
    Rule,
    Standing,
    WarmSplit,
)
from qgjob.core.words import Priority

_STRICT = {priority: timedelta(days=10_000 * place) for place, priority in enumerate(reversed(Priority))}
"""So far apart that no waiting makes up for a lower priority."""


def _strict(asked: Asked) -> Standing:
    """Strict priority, then who came first."""
    lane = 0 if asked.priority is Priority.URGENT else 1
    return Standing(lane=lane, due_at=asked.submitted_at + _STRICT[asked.priority])


@dataclass(frozen=True)
class Fifo:
    """Strict priority, then first come, first served, whatever is installed where."""

    def choose(self, picture: Picture) -> Choice | None:
        """Take what is first; of what is equally first the installed version."""
        everything = [*([] if picture.own is None else [picture.own]), *picture.others]
        if not everything:
            return None
        return _choice(min(everything, key=lambda group: (group.rank, group is not picture.own, group.group_id)))

    def standing(self, asked: Asked) -> Standing:
        """Stand by priority, then time."""
        return _strict(asked)


@dataclass(frozen=True)
class WholeGroup:
    """One worker to a group, from its first job to its last; groups by strict priority, then who came first."""

    new: bool = True
    """False: only goes on with what its worker has begun."""

    def choose(self, picture: Picture) -> Choice | None:
        """Go on with the installed version's group, or take one that nobody has."""
        if picture.own is not None and picture.own.servers == 0:
            return _choice(picture.own)
        untouched = [group for group in picture.others if group.servers == 0] if self.new else []
        if not untouched:
            return None
        return _choice(min(untouched, key=lambda group: (group.rank, group.group_id)))

    def standing(self, asked: Asked) -> Standing:
        """Stand by priority, then time."""
        return _strict(asked)


def _choice(group: GroupPicture) -> Choice:
    return Choice(group_id=group.group_id, because=Because.UNSERVED, install=group.install, saves=None)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A rule as it is simulated. `tick_s`: how often a worker may begin with something new, 0: at any time.

    `between`: what it goes by at all other times. `most_jobs`: what one lease may hold. `sees_all`: whether
    it ranks groups that have workers with those that have none.
    """

    name: str
    rule: Rule
    tick_s: float = 0
    between: Rule | None = None
    most_jobs: int = MOST_JOBS
    sees_all: bool = False


POLICIES = {
    "warmsplit": Policy(name="warmsplit", rule=SHIPPED),
    "whole-group": Policy(name="whole-group", rule=WholeGroup(), tick_s=5, between=WholeGroup(new=False), most_jobs=1),
    "fifo": Policy(name="fifo", rule=Fifo(), most_jobs=1, sees_all=True),
}


def policy_named(name: str, settings: Mapping[str, str], *, one_job_a_lease: bool = False) -> Policy:
    """Find a policy, with some settings of WarmSplit changed. Raises ConfigurationError for what it does not have."""
    policy = POLICIES[name]
    if one_job_a_lease:
        policy = replace(policy, most_jobs=1)
    if not settings:
        return policy
    if not isinstance(policy.rule, WarmSplit):
        raise ConfigurationError(f"{name} has nothing to be set: --set is for warmsplit.")
    known = {each.name: getattr(policy.rule, each.name) for each in fields(policy.rule)}
    changes = {setting: _value(known, setting, text) for setting, text in settings.items()}
    return replace(policy, rule=replace(policy.rule, **changes))  # type: ignore[arg-type]  # _value saw to the types


def _value(known: Mapping[str, object], setting: str, text: str) -> float | timedelta:
    if setting not in known:
        raise ConfigurationError(f"warmsplit has no setting {setting!r}; it has {', '.join(known)}.")
    try:
        number = float(text)
    except ValueError:
        raise ConfigurationError(f"{setting}={text}: give a number (lengths of time are in seconds).") from None
    return timedelta(seconds=number) if isinstance(known[setting], timedelta) else number
