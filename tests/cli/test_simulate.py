"""`qgjob simulate`: what it prints of workloads that never change."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inline_snapshot import snapshot

from qgjob.cli.main import cli
from qgjob.sim.trace_file import read_trace
from qgjob.store import Store
from tests.cli.users import Answered


def simulated(*arguments: str) -> Answered:
    result = CliRunner().invoke(cli, ["simulate", *arguments], prog_name="qgjob")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answered(code=result.exit_code, stdout=result.stdout, stderr=result.stderr)


def test_the_figures_of_a_burst() -> None:
    answered = simulated("--generate", "burst")

    assert answered.code == 0
    assert answered.stdout == snapshot("""\
Simulated: warmsplit on burst of seed 1, 20 jobs in 3 runs on 4 simulated workers
makespan      683 s, 1.09 × what no rule can beat (627 s)
installs      6
run done in   p50 598 s, p95 683 s
slowdown      1.88 × what a run takes alone; 1-10 jobs 1.88
fairness      1.00 (largest over smallest slowdown of an org: org 1.88)

PRIORITY  JOBS  WAIT MEAN    P50    P95
normal      20      398 s  428 s  655 s

SIMULATED CLASS  WORKERS  INSTALLING  TESTING  IDLE  DOWN
device                 4         26%      70%    4%    0%
""")


def test_a_range_of_workers_is_a_table_and_a_plot() -> None:
    answered = simulated("--generate", "burst", "--workers", "device=2..5", "-q")

    assert answered.code == 0
    assert answered.stdout == snapshot("""\
Simulated: warmsplit on burst of seed 1, 20 jobs in 3 runs on simulated workers

WORKERS   RUN DONE P50      P95  SLOWDOWN  INSTALLS  TESTING  IDLE
device=2         863 s  1,196 s      2.28         4      80%    0%
device=3         803 s    806 s      2.06         4      79%    1%
device=4         598 s    683 s      1.88         6      70%    4%
device=5         498 s    598 s      1.67         5      64%   16%

time to a run's last result: # half of the runs, - 95 % of them
device=2  ####################################-------------- 1,196 s
device=3  ################################## 806 s
device=4  #########################---- 683 s
device=5  #####################---- 598 s
""")


def test_json_has_every_figure_and_says_that_it_is_simulated() -> None:
    document = json.loads(simulated("--generate", "burst", "--set", "theta=3", "-o", "json").stdout)

    assert document["simulated"] is True
    assert (document["policy"], document["jobs"], document["installs"]) == ("warmsplit", 20, 4)
    assert set(document["waits"]["normal"]) == {"jobs", "mean_s", "p50_s", "p95_s"}
    assert set(document["use"]["device"]) == {"workers", "installing", "testing", "idle", "down"}


def test_events_are_lines_of_json_in_their_order(tmp_path: Path) -> None:
    simulated("--generate", "burst", "--events", str(tmp_path / "events.jsonl"))
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]

    assert events[0] == {"t": 0.0, "event": "install_started", "worker": "device-1", "app_version": "v0"}
    assert [event["t"] for event in events] == sorted(event["t"] for event in events)
    assert sum(event["event"] == "job_done" and "job" in event for event in events) == 20


def test_a_workload_can_be_kept_and_simulated_again(tmp_path: Path) -> None:
    path = str(tmp_path / "burst.json.gz")
    generated = simulated("--generate", "burst", "--save-trace", path)

    assert len(read_trace(Path(path)).jobs) == 20
    assert simulated("--trace", path).stdout == generated.stdout


def test_a_setting_that_there_is_not_is_a_usage_error() -> None:
    answered = simulated("--generate", "burst", "--set", "tetha=3")

    assert answered.code == 2
    assert answered.stderr.startswith("Error: warmsplit has no setting 'tetha'; it has theta")


@pytest.mark.parametrize("arguments", [(), ("--generate", "burst", "--trace", "x"), ("--from-history", "3")])
def test_one_workload_is_wanted(arguments: tuple[str, ...]) -> None:
    assert simulated(*arguments).code == 2


def test_a_farm_without_a_past_says_so(tmp_path: Path) -> None:
    Store.open(tmp_path / "qgjob.db").close()
    answered = simulated("--from-history", "7", "--database", str(tmp_path / "qgjob.db"))

    assert answered.code == 2
    assert answered.stderr.startswith("Error: No job that ran to its end was submitted since ")
