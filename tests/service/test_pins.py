"""Jobs that are pinned to a device or a tag: a wish that nobody idles for, or the only place there is."""

from dataclasses import replace
from functools import partial

import pytest

from qgjob.core.agent import DeviceFacts
from qgjob.core.job import JobRequest
from qgjob.core.lease import Lease
from qgjob.core.words import Fault, Platform, Target, Verdict, WorkerId
from qgjob.service import drain, submit
from tests.service.farm import SPECS, Farm, a_request, ended, installed, lease_ended, started


def pinned(path: str = SPECS[0], *, to: str, only: bool = False, version: str = "v1") -> JobRequest:
    return replace(a_request(path, version=version), pin=to, only=only)


def a_farm(farm: Farm, *versions: str) -> tuple[WorkerId, WorkerId]:
    """Two workers: a plain one, and one with the tag `lab`."""
    farm.stock(*(versions or ("v1",)))
    plain, lab = register(farm)
    return plain, lab


def register(farm: Farm) -> tuple[WorkerId, ...]:
    phone = DeviceFacts(
        serial="plain", target=Target.EMULATOR, platform=Platform.ANDROID, os_version="14", model="virtual"
    )
    return farm.register_devices(phone, replace(phone, serial="lab-phone", tags=frozenset({"lab"})))


def paths_of(*leases: Lease) -> list[str]:
    return [job.test_path for lease in leases for job in lease.jobs]


@pytest.mark.parametrize("to", ["lab-phone", "host/lab-phone", "tag:lab"])
def test_a_pinned_job_is_left_to_its_device_while_that_is_free(farm: Farm, to: str) -> None:
    plain, lab = a_farm(farm)
    farm.submit(pinned(to=to))

    assert farm.claim(plain) == ()
    assert paths_of(farm.claim_one(lab)) == [SPECS[0]]


def test_a_worker_id_is_a_pin_as_well(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.submit(pinned(to=lab))

    assert farm.claim(plain) == ()
    assert len(farm.claim(lab)) == 1


def test_while_its_device_is_busy_any_other_takes_it(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.submit(a_request(SPECS[1]))
    farm.claim_one(lab)
    farm.submit(pinned(to="lab-phone"))

    assert paths_of(farm.claim_one(plain)) == [SPECS[0]]


def test_while_its_device_is_away_any_other_takes_it(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.decide(partial(drain.drain, worker_id=lab))
    farm.submit(pinned(to="lab-phone"))

    assert len(farm.claim(plain)) == 1


def test_a_device_that_does_not_come_for_its_job_within_a_minute_loses_it(farm: Farm) -> None:
    plain, _ = a_farm(farm)
    farm.submit(pinned(to="lab-phone"))
    farm.clock.advance(59)
    assert farm.claim(plain) == ()
    farm.clock.advance(1)

    assert len(farm.claim(plain)) == 1


def test_a_pin_that_no_device_fits_holds_nothing_up(farm: Farm) -> None:
    plain, _ = a_farm(farm)
    farm.submit(pinned(to="no such phone"))

    assert len(farm.claim(plain)) == 1


def test_jobs_of_one_group_with_different_pins_go_where_they_belong(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    for path in SPECS[:4]:
        farm.submit(a_request(path))
        farm.run_through(farm.claim_one(plain))
    farm.submit(
        pinned(SPECS[0], to="lab-phone"),
        pinned(SPECS[1], to="plain"),
        a_request(SPECS[2]),
        pinned(SPECS[3], to="tag:lab"),
    )
    groups = {farm.job(job).group_id for job in farm.submit(pinned(SPECS[4], to="plain"), a_request(SPECS[5]))}
    lease = farm.claim_one(plain)

    assert len(groups) == 1
    assert sorted(paths_of(lease)) == [SPECS[1], SPECS[2], SPECS[4], SPECS[5]]
    farm.run_through(lease)
    assert paths_of(farm.claim_one(lab))[:2] == [SPECS[0], SPECS[3]]


def test_a_group_whose_jobs_are_all_kept_lets_its_worker_serve_another(farm: Farm) -> None:
    plain, _ = a_farm(farm, "v1", "v2")
    farm.submit(pinned(to="lab-phone"))
    farm.clock.advance(1)
    farm.submit(a_request(SPECS[1], version="v2"))

    assert paths_of(farm.claim_one(plain)) == [SPECS[1]]


def test_a_device_takes_what_is_pinned_to_it_although_another_that_is_free_has_its_app(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.submit(a_request())
    farm.run_through(farm.claim_one(plain))
    farm.submit(pinned(to="lab-phone"))

    assert farm.claim(plain) == ()
    assert len(farm.claim(lab)) == 1


def test_with_only_no_other_device_ever_takes_it(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.submit(pinned(to="lab-phone", only=True))
    farm.clock.advance(3600)
    register(farm)

    assert farm.claim(plain) == ()
    assert len(farm.claim(lab)) == 1


def test_only_on_a_tag_is_asking_for_the_tag(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    first, second = farm.submit(pinned(to="tag:lab", only=True), replace(a_request(SPECS[1]), tags=("lab",)))

    assert farm.job(first).group_id == farm.job(second).group_id
    assert farm.claim(plain) == ()
    assert len(farm.claim(lab)) == 1


def test_a_retry_avoids_the_device_it_failed_on_although_it_is_pinned_there(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    farm.submit(pinned(to="lab-phone"))
    lease = farm.claim_one(lab)
    (job,) = lease.jobs
    over = ended(job.job_id, verdict=Verdict.FAILED, fault=Fault.TEST)
    farm.report(lease.token, installed(), started(job.job_id), over, lease_ended())

    assert farm.claim(lab) == ()
    assert paths_of(farm.claim_one(plain)) == [SPECS[0]]


def test_a_job_that_is_submitted_again_is_pinned_as_before(farm: Farm) -> None:
    plain, lab = a_farm(farm)
    asked = replace(pinned(to="tag:lab", only=True), os_version=">=13", model="Virtual", tags=("lab",))
    (job,) = farm.submit(asked)
    farm.run_through(farm.claim_one(lab))
    (again,) = farm.write(partial(submit.retry, job_id=job)).job_ids

    assert farm.job(again).request == replace(asked, retry_of=job)
    assert farm.job(again).group_id == farm.job(job).group_id
    assert farm.claim(plain) == ()
