"""Why no worker serves a requirement: the reason as data, and the sentence that is made of it.

The same rule answers whoever submits a job and whoever asks later why it waits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from qgjob.core.requirement import Part, Requirement, Traits

MOST_FOUND = 5
"""What the nearest workers have, as far as it is named."""


class Availability(StrEnum):
    """Whether a worker can be counted on for work: only who is UP."""

    UP = "up"
    OFFLINE = "offline"
    DRAINING = "draining"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True)
class WorkersAlike:
    """So many `workers` that are equal in all that a requirement looks at, and in whether they can be counted on."""

    traits: Traits
    availability: Availability
    workers: int = 1


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """No worker meets it: those that meet all parts before `part` (see `Part`) fail at it, and have what is `found`.

    `so_far` says what of it they do meet, `wanted` what they should have.
    """

    part: Part
    wanted: str
    found: tuple[str, ...]
    so_far: tuple[str, ...]

    @property
    def code(self) -> str:
        """The reason as one word for programs: which part fails."""
        return self.part.value

    @property
    def sentence(self) -> str:
        """The reason for people."""
        with_these = f" {' and '.join(self.so_far)}" if self.so_far else ""
        nearest = f": {'those' if self.so_far else 'the others'} have {_listed(self.found)}" if self.found else ""
        return f"No worker{with_these} {self.wanted}{nearest}."


@dataclass(frozen=True, kw_only=True)
class Away:
    """Workers meet it, and none of them can be counted on; how many there are of each kind."""

    workers: Mapping[Availability, int]

    @property
    def code(self) -> str:
        """The reason as one word for programs: what all of them are, else `away`."""
        return next(iter(self.workers)).value if len(self.workers) == 1 else "away"

    @property
    def sentence(self) -> str:
        """The reason for people."""
        total = sum(self.workers.values())
        if total == 1:
            return f"The only worker that meets it is {self.code}."
        if len(self.workers) == 1:
            return f"All {total} workers that meet it are {self.code}."
        each = ", ".join(f"{count} {availability}" for availability, count in self.workers.items())
        return f"None of the {total} workers that meet it can be counted on: {each}."


Unserved = Unmet | Away


def why_nobody(requirement: Requirement, fleet: Sequence[WorkersAlike]) -> Unserved | None:
    """Say why no worker of the fleet serves a requirement; None: one that is up meets it."""
    nearest = fleet
    for place, part in enumerate(requirement.parts):
        meeting = [each for each in nearest if requirement.allows(part, each.traits)]
        if not meeting:
            return Unmet(
                part=part,
                wanted=_wanted(requirement, part),
                found=_found(part, nearest),
                so_far=tuple(_met(requirement, each) for each in requirement.parts[:place]),
            )
        nearest = meeting
    counts: Counter[Availability] = Counter()
    for each in nearest:
        counts[each.availability] += each.workers
    if counts[Availability.UP]:
        return None
    return Away(workers={each: counts[each] for each in Availability if counts[each]})


def _wanted(requirement: Requirement, part: Part) -> str:
    """Say what a worker should have, behind the words `No worker`."""
    match part:
        case Part.DEVICE:
            return f"is called {requirement.device!r}"
        case Part.PROJECT:
            return "has a project of its own, as a job without bundle or uploaded app needs"
        case Part.TARGET | Part.PLATFORM | Part.OS_VERSION | Part.MODEL | Part.TAGS:
            return f"has {_met(requirement, part).removeprefix('with ')}"
        case _:
            assert_never(part)


def _met(requirement: Requirement, part: Part) -> str:
    match part:
        case Part.DEVICE:
            return f"called {requirement.device!r}"
        case Part.TARGET:
            return f"with target {requirement.target}"
        case Part.PLATFORM:
            return f"with platform {requirement.platform}"
        case Part.PROJECT:
            return "with a project of its own"
        case Part.OS_VERSION:
            return f"with OS version {requirement.os_version}"
        case Part.MODEL:
            return f"with model {requirement.model}"
        case Part.TAGS:
            return f"with {_tags(requirement.tags)}"
        case _:
            assert_never(part)


def _found(part: Part, nearest: Sequence[WorkersAlike]) -> tuple[str, ...]:
    """List what workers have of a part; what most of them have comes first."""
    counts: Counter[str] = Counter()
    for each in nearest:
        counts[_of(part, each.traits)] += each.workers
    counts.pop("", None)
    return tuple(what for what, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))[:MOST_FOUND]


def _of(part: Part, traits: Traits) -> str:
    match part:
        case Part.DEVICE | Part.PROJECT:
            return ""
        case Part.TARGET:
            return " or ".join(sorted(traits.targets))
        case Part.PLATFORM:
            return traits.platform or ""
        case Part.OS_VERSION:
            return traits.os_version
        case Part.MODEL:
            return traits.model
        case Part.TAGS:
            return _tags(traits.tags)
        case _:
            assert_never(part)


def _tags(tags: frozenset[str]) -> str:
    if not tags:
        return "no tags"
    return f"the tag {next(iter(tags))}" if len(tags) == 1 else f"the tags {', '.join(sorted(tags))}"


def _listed(found: Sequence[str]) -> str:
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
