"""The journal: what was not confirmed is there after a crash, torn lines and all."""

from pathlib import Path

from qgjob.agent.delivery.journal import Journal, Undelivered
from qgjob.core.words import LeaseToken
from qgjob.wire.agents import InstallStarted, LeaseEnded

AT = "2026-11-23T10:00:00+00:00"
FIRST = InstallStarted(kind="install_started", seq=1, at=AT)
LAST = LeaseEnded(kind="lease_ended", seq=2, at=AT)
LEASE = LeaseToken(7)


def test_what_was_written_is_there_for_the_next_agent(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(LEASE, FIRST)
    journal.write(LEASE, LAST)
    assert Journal(tmp_path).undelivered() == [Undelivered(token=LEASE, events=(FIRST, LAST))]


def test_what_was_confirmed_is_not_delivered_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(LEASE, FIRST)
    journal.confirm(LEASE, 1)
    assert Journal(tmp_path).undelivered() == []
    journal.write(LEASE, LAST)
    assert Journal(tmp_path).undelivered() == [Undelivered(token=LEASE, events=(LAST,))]


def test_a_torn_last_line_costs_nothing_before_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(LEASE, FIRST)
    with (tmp_path / "7.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": {"kind": "lea')
    assert Journal(tmp_path).undelivered() == [Undelivered(token=LEASE, events=(FIRST,))]


def test_leases_are_delivered_oldest_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for token in (10, 9, 100):
        journal.write(LeaseToken(token), FIRST)
    assert [undelivered.token for undelivered in journal.undelivered()] == [9, 10, 100]


def test_a_forgotten_lease_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(LEASE, FIRST)
    journal.forget(LEASE)
    journal.forget(LEASE)
    assert list(tmp_path.iterdir()) == []


def test_of_very_many_leases_the_newest_are_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for token in range(1, 1003):
        journal.write(LeaseToken(token), FIRST)
    assert [undelivered.token for undelivered in journal.undelivered()][:2] == [3, 4]
    assert len(list(tmp_path.iterdir())) == 1000


def test_a_lease_that_was_all_confirmed_is_dropped_at_the_next_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(LEASE, LAST)
    journal.confirm(LEASE, 2)
    assert Journal(tmp_path).undelivered() == []
    assert list(tmp_path.iterdir()) == []
