"""Why no worker serves a requirement."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.os_range import os_range
from qgjob.core.requirement import Requirement, Traits
from qgjob.core.unmet import Availability, WorkersAlike, why_nobody
from qgjob.core.words import Platform, Target

PIXEL = Traits(
    targets=frozenset({Target.EMULATOR}),
    platform=Platform.ANDROID,
    has_project=False,
    os_version="14",
    model="Pixel 8",
    tags=frozenset({"lab"}),
    names=frozenset({"emulator-5554"}),
)
IPHONE = replace(PIXEL, targets=frozenset({Target.DEVICE}), platform=Platform.IOS, os_version="17.2", model="iPhone 15")
OLD_PIXEL = replace(PIXEL, os_version="12", model="Pixel 4", tags=frozenset())
FLEET = [
    WorkersAlike(traits=PIXEL, availability=Availability.UP, workers=2),
    WorkersAlike(traits=OLD_PIXEL, availability=Availability.UP, workers=3),
    WorkersAlike(traits=IPHONE, availability=Availability.OFFLINE),
]
ANY = Requirement(target=Target.EMULATOR, platform=None)


def said(requirement: Requirement, fleet: list[WorkersAlike]) -> tuple[str, str]:
    why = why_nobody(requirement, fleet)
    assert why is not None
    return why.code, why.sentence


@pytest.mark.parametrize(
    ("requirement", "code", "sentence"),
    [
        (
            replace(ANY, target=Target.BROWSERSTACK),
            "target",
            "No worker has target browserstack: the others have emulator or device.",
        ),
        (
            replace(ANY, platform=Platform.IOS),
            "platform",
            "No worker with target emulator has platform ios: those have android.",
        ),
        (
            replace(ANY, own_project=True),
            "project",
            "No worker with target emulator has a project of its own, as a job without bundle or uploaded app needs.",
        ),
        (
            replace(ANY, platform=Platform.ANDROID, os_version=os_range(">=15")),
            "os_version",
            "No worker with target emulator and with platform android has OS version >=15: those have 12 or 14.",
        ),
        (
            replace(ANY, os_version=os_range("14"), model="pixel 4"),
            "model",
            "No worker with target emulator and with OS version 14 has model pixel 4: those have Pixel 8.",
        ),
        (
            replace(ANY, model="pixel 8", tags=frozenset({"lab", "fast"})),
            "tags",
            "No worker with target emulator and with model pixel 8 has the tags fast, lab: those have the tag lab.",
        ),
        (replace(ANY, device="emulator-1"), "device", "No worker is called 'emulator-1'."),
        (
            replace(ANY, device="emulator-5554", target=Target.BROWSERSTACK),
            "target",
            "No worker called 'emulator-5554' has target browserstack: those have emulator or device.",
        ),
    ],
)
def test_the_first_part_that_nobody_meets_is_named_with_what_the_nearest_have(
    requirement: Requirement, code: str, sentence: str
) -> None:
    assert said(requirement, FLEET) == (code, sentence)


def test_where_nobody_is_registered_the_kind_of_device_is_missing() -> None:
    assert said(ANY, []) == ("target", "No worker has target emulator.")


@pytest.mark.parametrize(
    ("states", "code", "sentence"),
    [
        ({Availability.OFFLINE: 1}, "offline", "The only worker that meets it is offline."),
        ({Availability.DRAINING: 3}, "draining", "All 3 workers that meet it are draining."),
        (
            {Availability.QUARANTINED: 2, Availability.OFFLINE: 1},
            "away",
            "None of the 3 workers that meet it can be counted on: 1 offline, 2 quarantined.",
        ),
    ],
)
def test_workers_that_meet_it_and_are_away_are_counted(
    states: dict[Availability, int], code: str, sentence: str
) -> None:
    fleet = [WorkersAlike(traits=PIXEL, availability=state, workers=count) for state, count in states.items()]

    assert said(ANY, fleet) == (code, sentence)


def test_where_one_of_those_that_meet_it_is_up_there_is_nothing_to_say() -> None:
    away = WorkersAlike(traits=PIXEL, availability=Availability.QUARANTINED)

    assert why_nobody(ANY, [away, *FLEET]) is None


def test_at_most_five_things_are_named() -> None:
    many = [
        WorkersAlike(traits=replace(PIXEL, os_version=str(version)), availability=Availability.UP)
        for version in range(20, 30)
    ]
    why = why_nobody(replace(ANY, os_version=os_range("14")), many)

    assert why is not None
    assert why.sentence == "No worker with target emulator has OS version 14: those have 20, 21, 22, 23 or 24."


@given(
    fleet=st.lists(
        st.builds(
            WorkersAlike,
            traits=st.sampled_from([PIXEL, OLD_PIXEL, IPHONE]),
            availability=st.sampled_from(Availability),
            workers=st.integers(1, 3),
        )
    ),
    requirement=st.builds(
        Requirement,
        target=st.sampled_from(Target),
        platform=st.none() | st.sampled_from(Platform),
        own_project=st.booleans(),
        os_version=st.none() | st.sampled_from(["14", ">=13", "<13"]).map(os_range),
        model=st.none() | st.sampled_from(["pixel 8", "iphone 15"]),
        tags=st.sampled_from([frozenset(), frozenset({"lab"})]),
        device=st.none() | st.just("emulator-5554"),
    ),
)
def test_there_is_a_reason_exactly_when_no_worker_that_is_up_meets_it(
    fleet: list[WorkersAlike], requirement: Requirement
) -> None:
    served = any(requirement.is_met_by(each.traits) and each.availability is Availability.UP for each in fleet)

    assert (why_nobody(requirement, fleet) is None) is served
