"""App versions and bundles: a name never comes to mean other bytes."""

from dataclasses import replace

import pytest

from qgjob.core.app import AppBinary, AppVersion
from qgjob.core.errors import Conflict, NotFound
from qgjob.core.words import AppVersionId, OrgId, Platform, Sha256
from qgjob.service import apps
from tests.service.farm import BUNDLE, ORG, Farm, a_binary

V1 = AppVersionId("v1")


def register(farm: Farm, binary: AppBinary, org: OrgId = ORG) -> tuple[AppVersion, bool]:
    return farm.write(lambda tx: apps.register_binary(tx, org_id=org, app_version_id=V1, binary=binary))


def test_a_binary_is_known_by_its_bytes(farm: Farm) -> None:
    known, created = register(farm, a_binary())
    found = farm.read(lambda tx: apps.binary(tx, org_id=ORG, app_version_id=V1, sha256=a_binary().sha256))

    assert created
    assert found == known == AppVersion(org_id=ORG, app_version_id=V1, binary=a_binary(), uploaded_at=farm.clock.now)


def test_the_same_bytes_again_change_nothing(farm: Farm) -> None:
    first, _ = register(farm, a_binary())
    farm.clock.advance(1)

    assert register(farm, a_binary()) == (first, False)


def test_other_bytes_under_the_same_version_are_refused(farm: Farm) -> None:
    register(farm, a_binary())
    with pytest.raises(Conflict, match="known for android as other bytes"):
        register(farm, replace(a_binary(), sha256=Sha256("1" * 64)))

    (known,) = farm.read(lambda tx: apps.binaries(tx, org_id=ORG, app_version_id=V1))
    assert known.binary == a_binary()


def test_other_bytes_are_refused_before_they_are_kept(farm: Farm) -> None:
    other = replace(a_binary(), sha256=Sha256("1" * 64))
    farm.read(lambda tx: apps.admit_binary(tx, org_id=ORG, app_version_id=V1, binary=other))
    register(farm, a_binary())

    farm.read(lambda tx: apps.admit_binary(tx, org_id=ORG, app_version_id=V1, binary=a_binary()))
    with pytest.raises(Conflict, match="known for android as other bytes"):
        farm.read(lambda tx: apps.admit_binary(tx, org_id=ORG, app_version_id=V1, binary=other))


def test_a_version_has_a_binary_for_each_platform(farm: Farm) -> None:
    register(farm, a_binary())
    register(farm, a_binary(platform=Platform.IOS))
    known = farm.read(lambda tx: apps.binaries(tx, org_id=ORG, app_version_id=V1))

    assert [app.binary.platform for app in known] == [Platform.ANDROID, Platform.IOS]


def test_orgs_have_versions_of_their_own(farm: Farm) -> None:
    register(farm, a_binary())
    other = replace(a_binary(), sha256=Sha256("1" * 64))

    assert register(farm, other, OrgId("other"))[1]


def test_what_was_never_uploaded_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound, match="No app was uploaded as v1 of acme"):
        farm.read(lambda tx: apps.binaries(tx, org_id=ORG, app_version_id=V1))
    register(farm, a_binary())
    with pytest.raises(NotFound, match="no binary with the sha256"):
        farm.read(lambda tx: apps.binary(tx, org_id=ORG, app_version_id=V1, sha256=Sha256("1" * 64)))


def test_a_bundle_is_known_with_its_files(farm: Farm) -> None:
    files = ["b.js", "a.js"]

    def register_bundle() -> tuple[apps.Bundle, bool]:
        return farm.write(lambda tx: apps.register_bundle(tx, org_id=ORG, sha256=BUNDLE, size_bytes=9, files=files))

    first, created = register_bundle()

    assert created
    assert (first.files, first.size_bytes) == (("a.js", "b.js"), 9)
    assert register_bundle() == (first, False)
    assert farm.read(lambda tx: apps.bundle(tx, org_id=ORG, sha256=BUNDLE)) == first


def test_another_orgs_bundle_is_not_found(farm: Farm) -> None:
    farm.stock(org="other")
    with pytest.raises(NotFound):
        farm.read(lambda tx: apps.bundle(tx, org_id=ORG, sha256=BUNDLE))
