"""What was done beside what it would have been otherwise."""

from datetime import date, timedelta

import pytest

from qgjob.core.errors import InvalidRequest
from qgjob.core.ledger import ClassKey, Days, Line, days_of, entry, measured
from qgjob.core.words import AppVersionId

TODAY = date(2026, 11, 28)
PIXEL = "emulator/android/Pixel 8"


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def a_line(
    *,
    version: str = "v1",
    worker_class: str = PIXEL,
    installs: int = 0,
    of_groups: int = 0,
    stock: int = 0,
    done_s: float = 0,
    failed_s: float = 0,
    idle_s: float | None = 0,
) -> Line:
    return Line(
        app_version_id=AppVersionId(version),
        worker_class=ClassKey(worker_class),
        installs=installs,
        installs_group=of_groups,
        installs_stock=stock,
        sessions=stock,
        done=seconds(done_s),
        failed=seconds(failed_s),
        test=seconds(stock),
        idle=None if idle_s is None else seconds(idle_s),
    )


def test_an_install_that_was_avoided_costs_what_such_installs_took_on_average() -> None:
    lines = [a_line(installs=2, of_groups=1, stock=10, done_s=8, failed_s=30)]
    told = entry(lines, measured(lines))

    assert (told.installs, told.installs_avoided, told.installs_group) == (2, 8, 1)
    assert (told.install, told.stock, told.group) == (seconds(38), seconds(40), seconds(4))


def test_each_app_version_and_class_of_workers_has_a_cost_of_its_own() -> None:
    lines = [
        a_line(installs=1, stock=2, done_s=5),
        a_line(version="v2", installs=1, stock=3, done_s=7),
        a_line(worker_class="device/android/Pixel 8", installs=1, stock=4, done_s=11),
    ]

    assert entry(lines, measured(lines)).stock == seconds(2 * 5 + 3 * 7 + 4 * 11)


def test_what_was_not_measured_has_no_cost_rather_than_an_assumed_one() -> None:
    lines = [a_line(installs=1, stock=2, done_s=5), a_line(version="v2", stock=3, failed_s=9)]
    told = entry(lines, measured(lines))

    assert (told.stock, told.unmeasured) == (None, 3)
    assert told.install == seconds(14)


def test_what_was_measured_on_other_days_counts_for_this_one() -> None:
    before = [a_line(installs=1, stock=1, done_s=6)]

    assert entry([a_line(stock=4)], measured(before)).stock == seconds(24)


def test_more_may_have_been_installed_than_stock_appwright_would_have() -> None:
    lines = [a_line(installs=2, stock=1, done_s=2)]

    assert entry(lines, measured(lines)).installs_avoided == -1


def test_idle_time_is_unknown_where_it_is_nobodys() -> None:
    assert entry([a_line(idle_s=3), a_line(idle_s=4)], {}).idle == seconds(7)
    assert entry([a_line(idle_s=None)], {}).idle is None


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, (date(2026, 10, 30), TODAY)),
        (date(2026, 11, 1), None, (date(2026, 11, 1), TODAY)),
        (None, date(2026, 11, 1), (date(2026, 10, 3), date(2026, 11, 1))),
        (date(2020, 1, 1), None, (date(2020, 1, 1), date(2020, 12, 31))),
        (date(2027, 1, 1), None, (date(2027, 1, 1), date(2027, 1, 1))),
        (date.min, date.min, (date.min, date.min)),
        (None, date.min, (date.min, date.min)),
        (date.max, None, (date.max, date.max)),
    ],
)
def test_without_a_word_the_ledger_is_of_the_last_thirty_days(
    since: date | None, until: date | None, days: tuple[date, date]
) -> None:
    assert days_of(since, until, today=TODAY) == Days(since=days[0], until=days[1])


@pytest.mark.parametrize(("since", "until"), [(date(2026, 11, 2), date(2026, 11, 1)), (date(2025, 1, 1), TODAY)])
def test_days_that_end_before_they_begin_or_are_too_many_are_refused(since: date, until: date) -> None:
    with pytest.raises(InvalidRequest, match=r"^from"):
        days_of(since, until, today=TODAY)
