"""The requirement that a job sets on its worker, and whether a worker meets it: one rule, asked part by part."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import assert_never

from qgjob.core.errors import FieldProblem
from qgjob.core.job import JobRequest
from qgjob.core.os_range import OsRange, os_range
from qgjob.core.pin import pin_of
from qgjob.core.words import Platform, Target

_MORE_DIGITS = 24
MOST_PER_RUN = 50
"""Different requirements among the jobs of one run: each that is new is compared with every worker."""


class Part(StrEnum):
    """One thing that a requirement can ask for, in the order in which a person would look for a device."""

    DEVICE = "device"
    TARGET = "target"
    PLATFORM = "platform"
    PROJECT = "project"
    OS_VERSION = "os_version"
    MODEL = "model"
    TAGS = "tags"


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What of a worker decides which requirements it meets. `names`: all that a person may call it by.

    `platform` None: it says nothing of it and is taken at its word, as protocol-1 workers are, also for `has_project`.
    Of model, OS version and tags nobody is: who says nothing has none.
    """

    targets: frozenset[Target]
    platform: Platform | None
    has_project: bool
    os_version: str = ""
    model: str = ""
    tags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What a device must be to serve a job. `platform` None: any (a protocol-1 job says nothing about it).

    `own_project`: the job came without a bundle, so its worker must have the project itself. `model` is folded (see
    `folded`). All of the `tags` must be there. `device`: what the one worker that may have it is called.
    """

    target: Target
    platform: Platform | None
    own_project: bool = False
    os_version: OsRange | None = None
    model: str | None = None
    tags: frozenset[str] = frozenset()
    device: str | None = None

    @cached_property
    def key(self) -> str:
        """The requirement as one short text: equal texts, equal requirements.

        What is asked for beside the first three is in it as a hash: names are long and an index wants short keys.
        """
        first = f"{self.target}/{self.platform or 'any'}/{'project' if self.own_project else 'bundle'}"
        if (self.os_version, self.model, self.tags, self.device) == (None, None, frozenset(), None):
            return first
        more = [None if self.os_version is None else str(self.os_version), self.model, sorted(self.tags), self.device]
        return f"{first}/{sha256(json.dumps(more).encode()).hexdigest()[:_MORE_DIGITS]}"

    def __hash__(self) -> int:
        """Hash the key, which is known: every job that is submitted is looked up by its requirement."""
        return hash(self.key)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What it asks for."""
        return tuple(self._parts())

    def is_met_by(self, traits: Traits) -> bool:
        """Whether such a worker can serve jobs that set this requirement."""
        return all(self.allows(part, traits) for part in self.parts)

    def allows(self, part: Part, traits: Traits) -> bool:
        """Whether such a worker has what one part of the requirement asks for."""
        match part:
            case Part.DEVICE:
                return self.device is None or self.device in traits.names
            case Part.TARGET:
                return self.target in traits.targets
            case Part.PLATFORM:
                return self.platform is None or traits.platform in {None, self.platform}
            case Part.PROJECT:
                return traits.has_project or not self.own_project
            case Part.OS_VERSION:
                return self.os_version is None or self.os_version.has(traits.os_version)
            case Part.MODEL:
                return self.model is None or self.model == folded(traits.model)
            case Part.TAGS:
                return self.tags <= traits.tags
            case _:
                assert_never(part)

    def _parts(self) -> Iterator[Part]:
        if self.device is not None:
            yield Part.DEVICE
        yield Part.TARGET
        if self.platform is not None:
            yield Part.PLATFORM
        if self.own_project:
            yield Part.PROJECT
        if self.os_version is not None:
            yield Part.OS_VERSION
        if self.model is not None:
            yield Part.MODEL
        if self.tags:
            yield Part.TAGS


def requirement_for(request: JobRequest) -> Requirement:
    """Say what the device of a job must be. Raises ValueError for what admission refuses."""
    pin = pin_of(request.pin) if request.pin is not None and request.only else None
    tags = frozenset(request.tags)
    return Requirement(
        target=request.target,
        platform=request.platform,
        own_project=request.bundle is None,
        os_version=None if request.os_version is None else os_range(request.os_version),
        model=None if request.model is None else folded(request.model),
        tags=tags if pin is None or pin.tag is None else tags | {pin.tag},
        device=None if pin is None else pin.device,
    )


def device_asked(request: JobRequest) -> tuple[object, ...]:
    """Tell devices apart that jobs ask for, before they are read: equal ones are equal requirements but for target."""
    return request.os_version, request.model, request.tags, request.pin, request.only


def problem_of_device(request: JobRequest) -> FieldProblem | None:
    """Say what is wrong with the device that a job asks for; None when nothing is."""
    if request.only and request.pin is None:
        return FieldProblem(field="only", message="says nothing without a pin: name a device, or tag:NAME, in pin")
    if request.model is not None and not folded(request.model):
        return FieldProblem(field="model", message="names no model")
    for field, text, read in (("os_version", request.os_version, os_range), ("pin", request.pin, pin_of)):
        try:
            if text is not None:
                read(text)
        except ValueError as error:
            return FieldProblem(field=field, message=str(error))
    return None


def folded(model: str) -> str:
    """Write a model so that the ways in which people write it are equal: in any case, with any spaces."""
    return " ".join(model.casefold().split())
