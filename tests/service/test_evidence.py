"""Evidence of attempts."""

import pytest

from qgjob.core.errors import Conflict, NotFound
from qgjob.core.evidence import Evidence
from qgjob.core.words import AgentId, JobId, Sha256
from qgjob.service import ask, evidence
from tests.service.farm import AGENT, Farm, a_request

TRACE = Sha256("1" * 64)


def keep(
    farm: Farm, job_id: JobId, *, name: str = "trace.zip", sha256: Sha256 = TRACE, agent: AgentId = AGENT
) -> Evidence:
    return farm.write(
        lambda tx: evidence.register(
            tx,
            job_id=job_id,
            attempt=1,
            agent_id=agent,
            name=name,
            kind="trace",
            sha256=sha256,
            size_bytes=5,
        )
    )


def finished(farm: Farm) -> JobId:
    farm.stock("v1")
    (worker,) = farm.register("emulator-5554")
    (job_id,) = farm.submit(a_request())
    farm.run_through(farm.claim_one(worker))
    return job_id


def test_a_file_comes_after_the_verdict_and_is_shown_with_its_attempt(farm: Farm) -> None:
    job_id = finished(farm)
    kept = keep(farm, job_id)
    (detail,) = farm.read(lambda tx: ask.attempts(tx, job_id=job_id))

    assert detail.evidence == (kept,)
    assert farm.read(lambda tx: evidence.find(tx, job_id=job_id, attempt=1, name="trace.zip")) == kept


def test_the_same_file_again_changes_nothing(farm: Farm) -> None:
    job_id = finished(farm)
    first = keep(farm, job_id)
    farm.clock.advance(1)

    assert keep(farm, job_id) == first


def test_other_bytes_under_the_same_name_are_refused(farm: Farm) -> None:
    job_id = finished(farm)
    keep(farm, job_id)
    with pytest.raises(Conflict, match="never changes"):
        keep(farm, job_id, sha256=Sha256("2" * 64))


def test_only_the_agent_that_had_the_attempt_brings_evidence(farm: Farm) -> None:
    job_id = finished(farm)
    farm.register("emulator-5556", agent=AgentId("agent-2"))
    with pytest.raises(Conflict, match="only its own evidence counts"):
        keep(farm, job_id, agent=AgentId("agent-2"))


def test_there_is_no_evidence_of_an_attempt_that_never_was(farm: Farm) -> None:
    farm.stock("v1")
    (job_id,) = farm.submit(a_request())
    with pytest.raises(NotFound, match="has no attempt 1"):
        keep(farm, job_id)
    with pytest.raises(NotFound, match=r"left no 'trace.zip' behind"):
        farm.read(lambda tx: evidence.find(tx, job_id=job_id, attempt=1, name="trace.zip"))
