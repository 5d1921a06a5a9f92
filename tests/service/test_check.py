"""The check finds what is wrong, and nothing where nothing is."""

from collections.abc import Iterator

import pytest

from qgjob.service.check import CASES, PROMISES, broken, check
from qgjob.service.check_history import CHECK as HISTORY
from qgjob.service.check_needs import CHECK as NEEDS
from qgjob.store import Transaction
from qgjob.store.sqlite_connection import SqliteConnection
from tests.databases import Databases
from tests.service.farm import Farm
from tests.service.lively import enliven

SPOILT_BY = {
    "check_group_sums": "UPDATE groups SET waiting = waiting + 1",
    "check_group_ranks": "UPDATE groups SET rank_due_at = rank_due_at + 1 WHERE rank_due_at IS NOT NULL",
    "check_job_counts": "UPDATE job_counts SET jobs = jobs - 1 WHERE status = 'completed'",
    "check_backlogs": "UPDATE backlogs SET work_us = work_us + 1",
    "check_runs": "UPDATE runs SET ended = ended + 1",
    "check_places": "DELETE FROM resting",
    "check_queue_limits": "INSERT INTO queue_limits SELECT number, 1, 1 FROM jobs WHERE status = 'completed'",
    "check_list": "UPDATE jobs SET due_at = due_at + 1",
    "check_ended": "DELETE FROM ended WHERE status = 'failed'",
    "check_verdicts": "UPDATE jobs SET verdict = NULL WHERE status = 'completed'",
    "check_open_attempts": "UPDATE leases SET ended_at = 1 WHERE ended_at IS NULL",
    "check_attempt_numbers": "UPDATE jobs SET attempt = attempt + 1 WHERE status = 'failed'",
    "check_workers": "UPDATE workers SET lease = NULL",
    "check_totals": "UPDATE totals SET installs_stock = installs_stock + 1",
    "check_ledger": "UPDATE ledger_days SET idle_us = idle_us + 1",
    "check_ledger_runs": "UPDATE ledger_runs SET sessions = sessions - 1 WHERE sessions = 1",
    "check_test_sums": "UPDATE test_sums SET tests = tests + 1",
    "check_ends": "DELETE FROM facts WHERE kind = 'job_ended'",
    "check_references": "DELETE FROM agents",
    NEEDS: "DELETE FROM worker_needs WHERE worker_number = 1",
    HISTORY: "UPDATE case_results SET outcome = 'skipped'",
    CASES: "UPDATE jobs SET passed = passed + 1 WHERE status = 'completed'",
}


@pytest.fixture(scope="module")
def lively(databases: Databases) -> Iterator[Farm]:
    """A farm that every test here leaves as it was."""
    with databases() as database:
        farm = Farm.on(database)
        try:
            enliven(farm)
            yield farm
        finally:
            farm.store.close()


def test_a_farm_that_is_well_keeps_every_promise(lively: Farm) -> None:
    findings = lively.read(check)

    assert {finding.name for finding in findings} == {*PROMISES, CASES, HISTORY, NEEDS}
    assert [finding for finding in findings if finding.broken_by] == []


@pytest.mark.parametrize("name", [*PROMISES, CASES, HISTORY, NEEDS])
def test_what_is_not_as_promised_is_found(lively: Farm, name: str) -> None:
    """Each of them is spoilt and found within one transaction, of which nothing is kept."""

    def spoil(tx: Transaction) -> None:
        if isinstance(tx._connection, SqliteConnection):
            tx._connection.execute("PRAGMA defer_foreign_keys = ON", {})
        tx._connection.execute(SPOILT_BY[name], {})
        assert name in {finding.name for finding in broken(tx)}
        raise InterruptedError

    with pytest.raises(InterruptedError):
        lively.write(spoil)
    assert lively.read(broken) == ()


@pytest.mark.parametrize(
    "spoilt_by",
    [
        "DELETE FROM case_results WHERE number = (SELECT MAX(number) FROM case_results)",
        "UPDATE jobs SET excused = 1 WHERE verdict = 'failed' AND failed > 0",
        "UPDATE jobs SET excused = NULL WHERE verdict = 'passed' AND passed > 0",
        "UPDATE org_cases SET flips = flips + 1",
        "UPDATE org_cases SET mean_us = mean_us + 1 WHERE mean_us IS NOT NULL",
    ],
)
def test_whatever_the_history_of_cases_says_wrongly_is_found(lively: Farm, spoilt_by: str) -> None:
    def spoil(tx: Transaction) -> None:
        assert tx._connection.execute(spoilt_by, {}) > 0
        assert HISTORY in {finding.name for finding in broken(tx)}
        raise InterruptedError

    with pytest.raises(InterruptedError):
        lively.write(spoil)
