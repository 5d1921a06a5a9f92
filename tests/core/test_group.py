"""Groups, requirements, and who meets them."""

from datetime import UTC, datetime, timedelta

import pytest

from qgjob.core.app import AppBinary
from qgjob.core.group import binary_for, group_id_of, needs_now
from qgjob.core.requirement import Requirement
from qgjob.core.words import (
    AgentId,
    AppVersionId,
    BinaryKind,
    OrgId,
    Platform,
    Sha256,
    Target,
    WorkerId,
    WorkerStatus,
)
from qgjob.core.worker import Worker, status_of

ANDROID = Requirement(target=Target.EMULATOR, platform=Platform.ANDROID)
ANY = Requirement(target=Target.EMULATOR, platform=None)


def binary(platform: Platform, kind: BinaryKind = BinaryKind.DEVICE) -> AppBinary:
    return AppBinary(
        sha256=Sha256("0" * 64),
        size_bytes=1,
        platform=platform,
        kind=kind,
        package="com.example",
        version_name="1",
        version_code="1",
    )


def worker(*, agent: str | None = "agent", platform: Platform | None = Platform.ANDROID, has_project: bool) -> Worker:
    return Worker(
        worker_id=WorkerId("w"),
        name="w",
        agent_id=None if agent is None else AgentId(agent),
        targets=frozenset({Target.EMULATOR}),
        platform=platform,
        model="",
        os_version="",
        serial="",
        tags=frozenset(),
        has_project=has_project,
        status=WorkerStatus.IDLE,
        installed=None,
        last_heartbeat=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_the_same_org_version_and_requirement_are_the_same_group() -> None:
    first = group_id_of(OrgId("o"), AppVersionId("v"), ANDROID)

    assert first == group_id_of(OrgId("o"), AppVersionId("v"), ANDROID)
    assert first.startswith("group-")
    assert first != group_id_of(OrgId("o"), AppVersionId("v"), ANY)
    assert first != group_id_of(OrgId("o"), AppVersionId("w"), ANDROID)
    assert first != group_id_of(OrgId("p"), AppVersionId("v"), ANDROID)


def test_names_that_only_look_alike_when_joined_are_different_groups() -> None:
    assert group_id_of(OrgId("a"), AppVersionId("bc"), ANY) != group_id_of(OrgId("ab"), AppVersionId("c"), ANY)


def test_without_an_uploaded_binary_the_worker_must_have_the_project() -> None:
    assert needs_now(ANDROID, []) == Requirement(target=Target.EMULATOR, platform=Platform.ANDROID, own_project=True)


def test_a_binary_of_another_platform_does_not_help() -> None:
    assert needs_now(ANDROID, [binary(Platform.IOS)]).own_project


def test_a_job_that_names_no_platform_is_for_the_platform_of_the_only_binary() -> None:
    assert needs_now(ANY, [binary(Platform.ANDROID)]) == ANDROID


def test_with_binaries_of_both_platforms_any_device_will_do() -> None:
    assert needs_now(ANY, [binary(Platform.ANDROID), binary(Platform.IOS, BinaryKind.SIMULATOR)]) == ANY


def test_a_job_without_a_bundle_needs_a_worker_with_the_project_even_when_its_app_is_there() -> None:
    bare = Requirement(target=Target.EMULATOR, platform=Platform.ANDROID, own_project=True)

    assert needs_now(bare, [binary(Platform.ANDROID)]) == bare


@pytest.mark.parametrize(
    ("target", "kind", "fits"),
    [
        (Target.EMULATOR, BinaryKind.SIMULATOR, True),
        (Target.EMULATOR, BinaryKind.DEVICE, False),
        (Target.DEVICE, BinaryKind.DEVICE, True),
        (Target.DEVICE, BinaryKind.SIMULATOR, False),
    ],
)
def test_an_ios_build_fits_simulators_or_devices_not_both(target: Target, kind: BinaryKind, fits: bool) -> None:
    found = binary_for([binary(Platform.IOS, kind)], platform=Platform.IOS, target=target)

    assert (found is not None) is fits


def test_a_worker_meets_what_names_its_platform_or_none() -> None:
    assert worker(has_project=False).meets(ANDROID)
    assert worker(has_project=False).meets(ANY)
    assert not worker(has_project=False).meets(Requirement(target=Target.EMULATOR, platform=Platform.IOS))
    assert not worker(has_project=False).meets(Requirement(target=Target.DEVICE, platform=Platform.ANDROID))


def test_only_a_worker_with_a_project_serves_jobs_without_a_bundle() -> None:
    bare = Requirement(target=Target.EMULATOR, platform=None, own_project=True)

    assert worker(has_project=True).meets(bare)
    assert not worker(has_project=False).meets(bare)


def test_a_protocol_1_worker_is_taken_at_its_word() -> None:
    old = worker(agent=None, platform=None, has_project=False)

    assert old.meets(Requirement(target=Target.EMULATOR, platform=Platform.IOS, own_project=True))
    assert old.meets(ANDROID)


@pytest.mark.parametrize(
    ("busy", "present", "draining", "quarantined", "protocol1", "silent_s", "status"),
    [
        (True, True, False, False, False, 1000, WorkerStatus.BUSY),
        (False, True, False, False, False, 90, WorkerStatus.IDLE),
        (False, True, False, False, False, 91, WorkerStatus.OFFLINE),
        (False, True, False, False, True, 300, WorkerStatus.IDLE),
        (False, True, False, False, True, 301, WorkerStatus.OFFLINE),
        (False, False, False, False, False, 0, WorkerStatus.OFFLINE),
        (False, True, True, False, False, 0, WorkerStatus.DRAINING),
        (True, True, True, True, False, 0, WorkerStatus.DRAINING),
        (False, True, True, False, False, 91, WorkerStatus.OFFLINE),
        (False, True, False, True, False, 0, WorkerStatus.QUARANTINED),
        (True, True, False, True, False, 0, WorkerStatus.BUSY),
        (False, False, False, True, False, 0, WorkerStatus.OFFLINE),
    ],
)
def test_a_worker_is_what_its_lease_and_its_last_sign_of_life_say(
    *,
    busy: bool,
    present: bool,
    draining: bool,
    quarantined: bool,
    protocol1: bool,
    silent_s: int,
    status: WorkerStatus,
) -> None:
    said = status_of(
        busy=busy,
        present=present,
        draining=draining,
        quarantined=quarantined,
        protocol1=protocol1,
        silent_for=timedelta(seconds=silent_s),
    )

    assert said is status
