"""What a question costs does not grow with the farm: counted in rows and steps, not in time."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import product
from typing import Any

import pytest

from qgjob.core.words import AppVersionId, JobId, JobStatus, OrgId, RunId
from qgjob.service import ask
from qgjob.service.ask import JobFilter
from qgjob.service.ask.eta import eta_of_run
from qgjob.service.ask.why import job_with_prospect
from qgjob.store import Transaction
from qgjob.store.dialect import Parameters, Row
from qgjob.store.postgres_statements import _sent, spoken
from qgjob.store.sqlite_connection import SqliteConnection
from tests.databases import Databases
from tests.service.big import fill
from tests.service.farm import Farm

JOBS = 30_000
LIMIT = 20
FEW = 2
"""Groups come with the ids of their jobs: a hundred rows each."""
MOST_STEPS = 5_000
"""Of SQLite's machine, which takes several for each row."""
MOST_ROWS = 500
"""That PostgreSQL reads from tables and indexes."""

FIRST_DAY = date(1970, 1, 1)
"""On which everything of the large farm was submitted."""
ORGS = (None, OrgId("acme"), OrgId("globex"))
STATUSES = (None, JobStatus.PENDING, JobStatus.RUNNING, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
VERSIONS = (None, AppVersionId("v7"), AppVersionId("unheard-of"))

QUESTIONS: dict[str, Callable[[Transaction], object]] = {
    f"jobs of {org} {status} {version} after {cursor}": partial(
        ask.jobs,
        filters=JobFilter(org_id=org, status=status, app_version_id=version),
        limit=LIMIT,
        cursor=cursor,
    )
    for org, status, version, cursor in product(ORGS, STATUSES, VERSIONS, (None, "1000"))
} | {
    "groups": partial(ask.groups, org_id=None, limit=FEW),
    "groups of an org": partial(ask.groups, org_id=OrgId("globex"), limit=FEW),
    "groups of no org": partial(ask.groups, org_id=OrgId("unheard-of"), limit=FEW),
    "jobs of a run": partial(ask.jobs, filters=JobFilter(run_id=RunId("run-1000")), limit=LIMIT),
    "whether a run is over": partial(ask.is_over, run_id=RunId("run-1000")),
    "runs": partial(ask.runs, org_id=None, limit=LIMIT),
    "runs further on": partial(ask.runs, org_id=None, limit=LIMIT, cursor="15000"),
    "runs of an org": partial(ask.runs, org_id=OrgId("acme"), limit=LIMIT),
    "runs of no org": partial(ask.runs, org_id=OrgId("unheard-of"), limit=LIMIT),
    "a run": partial(ask.run, run_id=RunId("run-1000")),
    "a waiting job with what is ahead of it": partial(job_with_prospect, job_id=JobId("job-29950")),
    "when a run is done": partial(eta_of_run, run_id=RunId("run-29950")),
    "attempts": partial(ask.attempts, job_id=JobId("job-1000")),
    "stats": ask.stats,
    "ledger by run": partial(ask.ledger_by_run, org_id=OrgId("acme"), since=FIRST_DAY, until=FIRST_DAY, limit=LIMIT),
    "ledger by run, further on": partial(
        ask.ledger_by_run, org_id=OrgId("acme"), since=FIRST_DAY, until=FIRST_DAY, limit=LIMIT, cursor="20000.20000"
    ),
    "ledger of a run": partial(ask.ledger_of_run, run_id=RunId("run-1000"), org_id=None, since=None, until=FIRST_DAY),
    "estimates": partial(ask.estimates_of_tests, org_id=OrgId("acme"), test_path=None, limit=LIMIT, cursor="1000"),
    "estimates of a test": partial(
        ask.estimates_of_tests, org_id=OrgId("acme"), test_path="tests/1000.spec.js", limit=LIMIT
    ),
    "facts": partial(ask.facts, after=1000, limit=LIMIT),
    "facts of a run": partial(ask.facts, after=1000, limit=LIMIT, run_id=RunId("run-1500")),
    "facts of a job": partial(ask.facts, after=1000, limit=LIMIT, job_id=JobId("job-1500")),
}


class Counted:
    """A connection that counts what the database goes through to answer."""

    def __init__(self, connection: Any) -> None:
        self.count = 0
        self._connection = connection
        self.is_sqlite = isinstance(connection, SqliteConnection)

    def rows(self, sql: str, parameters: Parameters) -> list[Row]:
        counting = self._counting_steps() if self.is_sqlite else self._counting_rows(sql, parameters)
        with counting:
            rows: list[Row] = self._connection.rows(sql, parameters)
        return rows

    def rows_together(self, questions: list[tuple[str, Parameters]]) -> list[list[Row]]:
        return [self.rows(sql, parameters) for sql, parameters in questions]

    @contextmanager
    def _counting_steps(self) -> Iterator[None]:
        def step() -> None:
            self.count += 1

        self._connection._raw.set_progress_handler(step, 1)
        yield
        self._connection._raw.set_progress_handler(None, 0)

    @contextmanager
    def _counting_rows(self, sql: str, parameters: Parameters) -> Iterator[None]:
        """What small tables are cheaper to read whole is not the question here: there must be another way."""
        wire = self._connection._here()._wire
        wire.exec_(b"SET LOCAL enable_seqscan = off")
        plan = wire.exec_params(b"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + spoken(sql), _sent(sql, parameters))
        self.count += touched(json.loads(plan.get_value(0, 0))[0]["Plan"])
        yield


def touched(plan: dict[str, Any]) -> int:
    """Rows that a plan of PostgreSQL reads from tables and indexes, shown or thrown away."""
    below = sum(touched(each) for each in plan.get("Plans", []))
    if "Scan" not in plan["Node Type"]:
        return below
    removed = sum(value for name, value in plan.items() if name.startswith("Rows Removed by"))
    return below + int((plan["Actual Rows"] + removed) * plan["Actual Loops"])


@pytest.fixture(scope="module")
def large(databases: Databases) -> Iterator[Farm]:
    with databases() as database:
        farm = Farm.on(database)
        farm.write(partial(fill, jobs=JOBS))
        farm.write(lambda tx: tx._connection.execute("ANALYZE", {}))
        yield farm
        farm.store.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_costs_no_more_in_a_large_farm(large: Farm, name: str) -> None:
    """Reading all of its jobs would be far beyond these bounds."""

    def ask_and_count(tx: Transaction) -> tuple[int, int]:
        tx._connection = counted = Counted(tx._connection)  # type: ignore[assignment]  # reads are all it is asked
        QUESTIONS[name](tx)
        return counted.count, MOST_STEPS if counted.is_sqlite else MOST_ROWS

    count, most = large.read(ask_and_count)

    assert count <= most
