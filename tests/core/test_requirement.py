"""Requirements: their keys, who meets them, and how they are read from a request."""

from dataclasses import replace

import pytest

from qgjob.core.errors import FieldProblem
from qgjob.core.group import group_id_of, needs_now
from qgjob.core.job import JobRequest
from qgjob.core.os_range import os_range
from qgjob.core.pin import Pin, pin_of
from qgjob.core.requirement import Requirement, Traits, problem_of_device, requirement_for
from qgjob.core.words import AppVersionId, OrgId, Platform, Sha256, Target

REQUEST = JobRequest(
    org_id=OrgId("acme"), app_version_id=AppVersionId("v1"), test_path="a.spec.js", bundle=Sha256("b" * 64)
)
PLAIN = Requirement(target=Target.EMULATOR, platform=None)
PIXEL = Traits(
    targets=frozenset({Target.EMULATOR}),
    platform=Platform.ANDROID,
    has_project=False,
    os_version="14",
    model="Pixel 8",
    tags=frozenset({"lab", "fast"}),
    names=frozenset({"worker-1", "host/emulator-5554", "emulator-5554"}),
)
SAYS_NOTHING = Traits(targets=frozenset({Target.EMULATOR}), platform=None, has_project=True)
"""As protocol-1 workers are."""


@pytest.mark.parametrize(
    ("requirement", "key"),
    [
        (PLAIN, "emulator/any/bundle"),
        (replace(PLAIN, platform=Platform.IOS, own_project=True), "emulator/ios/project"),
        (replace(PLAIN, os_version=os_range("14")), "emulator/any/bundle/61ec0caa1d0d8781a5e83d8c"),
    ],
)
def test_keys_are_what_databases_and_group_ids_rest_on(requirement: Requirement, key: str) -> None:
    assert requirement.key == key


def test_a_group_that_was_there_before_keeps_its_id() -> None:
    assert group_id_of(OrgId("o"), AppVersionId("v"), PLAIN) == "group-3f187efd4875f47e383826e5"


def test_whatever_is_asked_for_makes_another_key() -> None:
    different = [
        PLAIN,
        replace(PLAIN, os_version=os_range("14")),
        replace(PLAIN, os_version=os_range("14.1")),
        replace(PLAIN, model="pixel 8"),
        replace(PLAIN, tags=frozenset({"pixel 8"})),
        replace(PLAIN, tags=frozenset({"a", "b"})),
        replace(PLAIN, tags=frozenset({"a, b"})),
        replace(PLAIN, device="pixel 8"),
    ]

    assert len({requirement.key for requirement in different}) == len(different)


def test_a_key_is_short_however_much_is_asked_for() -> None:
    tags = frozenset(f"{number}".rjust(200, "x") for number in range(20))

    assert len(replace(PLAIN, tags=tags, model="m" * 200, device="d" * 200).key) < 60


@pytest.mark.parametrize(
    ("asked", "pixel", "says_nothing"),
    [
        ({}, True, True),
        ({"target": Target.DEVICE}, False, False),
        ({"platform": Platform.IOS}, False, True),
        ({"own_project": True}, False, True),
        ({"os_version": os_range(">=13,<15")}, True, False),
        ({"os_version": os_range("13")}, False, False),
        ({"model": "pixel 8"}, True, False),
        ({"model": "pixel"}, False, False),
        ({"tags": frozenset({"lab"})}, True, False),
        ({"tags": frozenset({"lab", "fast"})}, True, False),
        ({"tags": frozenset({"lab", "slow"})}, False, False),
        ({"device": "emulator-5554"}, True, False),
        ({"device": "host/emulator-5554"}, True, False),
        ({"device": "worker-1"}, True, False),
        ({"device": "emulator-5556"}, False, False),
    ],
)
def test_a_worker_meets_a_requirement_that_it_meets_in_every_part(
    asked: dict[str, object], pixel: bool, says_nothing: bool
) -> None:
    requirement = Requirement(**{"target": Target.EMULATOR, "platform": None, **asked})  # type: ignore[arg-type]

    assert (requirement.is_met_by(PIXEL), requirement.is_met_by(SAYS_NOTHING)) == (pixel, says_nothing)


def test_what_a_job_asks_for_is_its_requirement() -> None:
    request = replace(
        REQUEST, platform=Platform.ANDROID, os_version=">=13", model=" PIXEL  8", tags=("b", "a", "a"), bundle=None
    )

    assert requirement_for(request) == Requirement(
        target=Target.EMULATOR,
        platform=Platform.ANDROID,
        own_project=True,
        os_version=os_range(">=13"),
        model="pixel 8",
        tags=frozenset({"a", "b"}),
    )


def test_a_pin_is_part_of_it_only_if_it_is_the_only_place() -> None:
    assert requirement_for(replace(REQUEST, pin="emulator-5554")) == requirement_for(REQUEST)
    assert requirement_for(replace(REQUEST, pin="emulator-5554", only=True)).device == "emulator-5554"


def test_only_a_device_with_a_tag_is_the_same_as_a_device_with_the_tag() -> None:
    assert requirement_for(replace(REQUEST, pin="tag:lab", only=True)) == requirement_for(
        replace(REQUEST, tags=("lab",))
    )


def test_what_is_uploaded_of_an_app_changes_nothing_else_of_a_requirement() -> None:
    asked = replace(PLAIN, model="pixel 8", tags=frozenset({"lab"}))

    assert needs_now(asked, []) == replace(asked, own_project=True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"os_version": ">=13,<15", "model": "Pixel 8", "tags": ("lab",), "pin": "tag:fast", "only": True}, None),
        ({"only": True}, ("only", "says nothing without a pin: name a device, or tag:NAME, in pin")),
        ({"pin": "tag:"}, ("pin", "names no tag: write tag:NAME")),
        ({"model": "  "}, ("model", "names no model")),
        ({"os_version": ">=15,<13"}, ("os_version", "no OS version is in '>=15,<13'")),
    ],
)
def test_what_is_wrong_with_the_device_that_is_asked_for_is_named(
    changes: dict[str, object], problem: tuple[str, str] | None
) -> None:
    found = problem_of_device(replace(REQUEST, **changes))  # type: ignore[arg-type]

    if problem is None:
        assert found is None
    else:
        assert isinstance(found, FieldProblem)
        assert (found.field, found.message[: len(problem[1])]) == problem


def test_a_pin_is_a_device_or_a_tag() -> None:
    assert pin_of("emulator-5554") == Pin(device="emulator-5554")
    assert pin_of("tag:lab") == Pin(tag="lab")
