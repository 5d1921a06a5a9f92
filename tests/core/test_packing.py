"""Which waiting jobs share one lease."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.packing import MOST_JOBS, MOST_WORK, WaitingJob, pack
from qgjob.core.words import JobId, ResetMode, Sha256


def waiting(
    name: str, *, seconds: int = 10, path: str | None = None, bundle: str = "b", reset: ResetMode = ResetMode.CLEAR
) -> WaitingJob:
    return WaitingJob(
        job_id=JobId(name),
        test_path=path or f"tests/{name}.spec.js",
        bundle=Sha256(bundle),
        project=None,
        reset=reset,
        estimate=timedelta(seconds=seconds),
    )


def names(*jobs: WaitingJob) -> list[str]:
    return [job.job_id for job in pack(jobs)]


def test_jobs_share_a_lease_up_to_thirty_seconds_of_work() -> None:
    assert names(waiting("a"), waiting("b"), waiting("c"), waiting("d")) == ["a", "b", "c"]


def test_a_long_job_goes_alone() -> None:
    assert names(waiting("long", seconds=60), waiting("b")) == ["long"]


def test_a_job_that_does_not_fit_any_more_leaves_its_place_to_a_shorter_one() -> None:
    assert names(waiting("a", seconds=15), waiting("b", seconds=20), waiting("c", seconds=15)) == ["a", "c"]


def test_the_same_spec_runs_once_in_a_lease() -> None:
    assert names(waiting("a", path="x"), waiting("b", path="x"), waiting("c", path="y")) == ["a", "c"]


def test_jobs_of_another_bundle_or_reset_mode_run_in_another_process() -> None:
    assert names(waiting("a"), waiting("b", bundle="other"), waiting("c", reset=ResetMode.KEEP)) == ["a"]


def test_nothing_waits_and_nothing_is_packed() -> None:
    assert names() == []


jobs = st.lists(
    st.builds(
        waiting,
        st.uuids().map(str),
        seconds=st.integers(0, 90),
        path=st.sampled_from(["a", "b", "c", "d"]) | st.uuids().map(str),
        bundle=st.sampled_from(["b", "c"]),
        reset=st.sampled_from(ResetMode),
    ),
    max_size=80,
)


@given(jobs=jobs)
def test_a_lease_is_never_empty_too_long_or_of_two_kinds(jobs: list[WaitingJob]) -> None:
    packed = pack(jobs)

    assert bool(packed) == bool(jobs)
    assert packed[:1] == tuple(jobs[:1])
    assert len(packed) <= MOST_JOBS
    assert len({(job.bundle, job.project, job.reset) for job in packed}) <= 1
    assert len({job.test_path for job in packed}) == len(packed)
    assert len(packed) == 1 or sum((job.estimate for job in packed), timedelta(0)) <= MOST_WORK
