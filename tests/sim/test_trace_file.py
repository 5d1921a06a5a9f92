import json
from pathlib import Path

import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.sim.generate import burst, ci_day
from qgjob.sim.trace_file import check, read_trace, write_trace
from tests.sim.traces import a_job, a_trace, a_worker


@pytest.mark.parametrize("name", ["trace.json", "trace.json.gz"])
def test_a_trace_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    trace = a_trace([a_job("a")], workers=[a_worker("p1", "phone", (5, 6))])
    write_trace(trace, tmp_path / name)

    assert read_trace(tmp_path / name) == trace


def test_a_file_that_is_no_trace_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    for text, why in (("{", "cannot be read"), ('{"format": 2}', "no trace of format 1"), ("[]", "no trace")):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match=why):
            read_trace(path)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    write_trace(a_trace([a_job("a")]), path)
    document = json.loads(path.read_text())
    del document["jobs"][0]["seconds"]
    path.write_text(json.dumps(document))

    with pytest.raises(ConfigurationError, match="'seconds'"):
        read_trace(path)


def test_a_job_that_no_worker_meets_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Job a asks for tablet, which no worker of the trace meets"):
        check(a_trace([a_job("a", requirement="tablet")]))


def test_a_seed_gives_the_same_workload_and_another_seed_another() -> None:
    for make in (burst, ci_day):
        assert make(seed=1) == make(seed=1)
        assert make(seed=1) != make(seed=2)
        check(make(seed=3))


def test_a_generated_day_asks_for_most_of_its_workers_time() -> None:
    trace = ci_day(seed=1)
    load = sum(job.seconds for job in trace.jobs) / (len(trace.workers) * 4 * 3600)

    assert 0.6 <= load < 0.7
    assert 25 <= len(trace.runs) <= 80
