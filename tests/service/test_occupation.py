"""Why workers do what they do, or nothing."""

from datetime import timedelta
from functools import partial

import pytest

from qgjob.core.errors import NotFound
from qgjob.core.occupation import AboutToWork, KeptFromWork, NotWorthIt, sentence
from qgjob.core.words import WorkerId, WorkerStatus
from qgjob.service.ask.occupation import WorkerExplained, explain_worker
from qgjob.service.drain import drain
from tests.service.exact import teach
from tests.service.farm import SPECS, Farm, a_request


def explained(farm: Farm, worker: WorkerId) -> WorkerExplained:
    return farm.read(partial(explain_worker, worker_id=worker))


def said(farm: Farm, worker: WorkerId) -> str:
    answer = explained(farm, worker)
    return sentence(answer.occupation, answer.at)


def test_a_worker_says_for_what_it_was_opened_and_what_that_saves(farm: Farm) -> None:
    farm.stock("v1")
    first, second = farm.register("emulator-5554", "emulator-5556")
    job_ids = farm.submit(*(a_request(path) for path in SPECS))
    farm.claim_one(first)
    lease = farm.claim_one(second)

    assert said(farm, second) == (
        "It was given 1 job for v1: the work left in this group is worth another installation: saves about 300 s."
    )
    last = explained(farm, second).last
    assert last is not None
    assert (last.token, last.app_version_id, last.job_ids) == (lease.token, "v1", (job_ids[1],))
    assert last.choice == {"because": "help", "install_s": 60, "saves_s": 300}


def test_a_worker_that_has_done_its_work_still_says_what_it_did_last(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))
    last = explained(farm, worker).last

    assert said(farm, worker) == "Nothing waits that it could do."
    assert last is not None
    assert (last.job_ids, last.ended_at) == ((job_id,), farm.clock())


def test_a_worker_that_never_worked_has_no_last_lease(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")

    assert explained(farm, worker).last is None


def test_a_worker_for_which_something_waits_gets_it_as_soon_as_it_asks(farm: Farm) -> None:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    farm.submit(a_request())

    assert explained(farm, worker).occupation == AboutToWork(
        reason="no worker served this group, and it was the first in line"
    )


def test_an_idle_worker_says_that_what_waits_is_not_worth_its_installation(farm: Farm) -> None:
    farm.stock("v1")
    teach(farm, org="acme", lengths=dict.fromkeys(SPECS, 20.0), install_s=60)
    first, second = farm.register("emulator-5554", "emulator-5556")
    farm.submit(*(a_request(path) for path in SPECS[:2]))
    farm.claim_one(first)

    assert explained(farm, second).occupation == NotWorthIt(
        groups=1,
        last_start=timedelta(seconds=80),
        worth=timedelta(seconds=90),
        install=timedelta(seconds=60),
    )
    assert said(farm, second) == (
        "What waits has workers that get to it soon enough: its last job starts in about 80 s, "
        "and another installation is worth it from 90 s on."
    )


def test_a_worker_that_drains_says_so(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")
    farm.decide(partial(drain, worker_id=worker))

    assert said(farm, worker) == "It gets no work, because it is draining."


def test_a_worker_that_is_silent_is_offline(farm: Farm) -> None:
    (worker,) = farm.register("emulator-5554")
    farm.clock.advance(91)

    assert explained(farm, worker).occupation == KeptFromWork(status=WorkerStatus.OFFLINE, reason=None, until_at=None)


def test_an_unknown_worker_is_not_found(farm: Farm) -> None:
    with pytest.raises(NotFound):
        explained(farm, WorkerId("worker-none"))
