"""What is learnt of how long things take, and what is expected where nothing was learnt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.estimate import (
    ByPlatform,
    Estimate,
    Sum,
    after_install,
    after_test,
    file_of_cases,
    mean_on,
    suite_of,
    time_of_cases,
    time_of_install,
    time_of_test,
    whole_of,
)
from qgjob.core.words import Platform, Target, Verdict
from qgjob.core.worker_class import WorkerClass

lengths = st.timedeltas(timedelta(0), timedelta(hours=10))
ANDROID, IOS = Platform.ANDROID, Platform.IOS


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def known(number: float, *, samples: int = 1) -> Estimate:
    return Estimate(took=seconds(number), samples=samples)


def in_all(number: float, *, tests: int = 1) -> Sum:
    return Sum(took=seconds(number), tests=tests)


def pixel(target: Target = Target.EMULATOR, model: str = "Pixel 8") -> WorkerClass:
    return WorkerClass(target=target, platform=ANDROID, model=model)


def test_the_first_run_of_a_test_is_taken_at_its_word() -> None:
    assert after_test(None, took=seconds(12), verdict=Verdict.PASSED) == known(12)


def test_the_newest_run_of_a_test_counts_half() -> None:
    assert after_test(known(20), took=seconds(10), verdict=Verdict.PASSED) == known(15, samples=2)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.TIMED_OUT])
def test_a_failed_run_teaches_only_that_a_test_can_take_longer(verdict: Verdict) -> None:
    assert after_test(known(20), took=seconds(40), verdict=verdict) == known(30, samples=2)
    assert after_test(known(20), took=seconds(2), verdict=verdict) == known(20)
    assert after_test(None, took=seconds(2), verdict=verdict) is None


@pytest.mark.parametrize("verdict", [Verdict.INFRA_ERROR, Verdict.CANCELLED, Verdict.NO_TESTS])
def test_what_was_not_the_tests_doing_teaches_nothing(verdict: Verdict) -> None:
    assert after_test(known(20), took=seconds(40), verdict=verdict) == known(20)


def test_the_newest_installation_counts_three_tenths() -> None:
    assert after_install(known(10, samples=4), took=seconds(20)) == known(13, samples=5)
    assert after_install(None, took=seconds(20)) == known(20)


@given(before=lengths, took=lengths)
def test_an_estimate_stays_between_what_was_known_and_what_is_new(before: timedelta, took: timedelta) -> None:
    was = Estimate(took=before, samples=1)
    learnt = after_test(was, took=took, verdict=Verdict.PASSED)

    assert learnt is not None
    assert min(before, took) <= learnt.took <= max(before, took)
    assert min(before, took) <= after_install(was, took=took).took <= max(before, took)


@pytest.mark.parametrize(
    ("path", "suite"),
    [("tests/cart/a.spec.js", "tests/cart/"), ("a.spec.js", "./"), ("tests/a.spec.js", "tests/")],
)
def test_a_suite_is_the_folder_of_a_test(path: str, suite: str) -> None:
    assert suite_of(path) == suite


def test_a_test_that_is_known_takes_what_it_took() -> None:
    suite: ByPlatform = {ANDROID: in_all(100)}
    org: ByPlatform = {ANDROID: in_all(200)}

    assert time_of_test(ANDROID, of_test={ANDROID: in_all(7)}, of_suite=suite, of_org=org) == seconds(7)


def test_an_unknown_test_takes_what_its_suite_does_on_average_else_its_org_else_a_minute() -> None:
    org: ByPlatform = {ANDROID: in_all(100, tests=5)}

    assert time_of_test(ANDROID, of_test={}, of_suite={ANDROID: in_all(12, tests=4)}, of_org=org) == seconds(3)
    assert time_of_test(ANDROID, of_test={}, of_suite={}, of_org=org) == seconds(20)
    assert time_of_test(ANDROID, of_test={}, of_suite={}, of_org={}) == seconds(60)


def test_another_platform_says_nothing_of_this_one_but_an_unnamed_one_may_have_been_it() -> None:
    assert mean_on(ANDROID, {IOS: in_all(9)}) is None
    assert mean_on(ANDROID, {IOS: in_all(9), None: in_all(4)}) == seconds(4)
    assert mean_on(ANDROID, {ANDROID: in_all(5), None: in_all(4)}) == seconds(5)


def test_without_a_platform_unnamed_devices_are_asked_first_and_then_all_platforms_together() -> None:
    assert mean_on(None, {None: in_all(4), ANDROID: in_all(9)}) == seconds(4)
    assert mean_on(None, {ANDROID: in_all(30, tests=3), IOS: in_all(10)}) == seconds(10)


def test_an_installation_takes_what_it_took_on_this_class() -> None:
    assert time_of_install(pixel(), {pixel(): known(4), pixel(model="Pixel 2"): known(20)}) == seconds(4)


def test_on_another_class_it_takes_the_mean_of_the_target_else_of_all_classes() -> None:
    others = {pixel(model="Pixel 2"): known(20), pixel(model="Pixel 3"): known(10)}
    phone = pixel(Target.DEVICE)

    assert time_of_install(pixel(), {**others, phone: known(60)}) == seconds(15)
    assert time_of_install(phone, others) == seconds(15)


@pytest.mark.parametrize(
    ("target", "expected"), [(Target.EMULATOR, 60), (Target.DEVICE, 60), (Target.BROWSERSTACK, 30)]
)
def test_a_package_that_nobody_installed_takes_a_minute_and_in_a_cloud_half(target: Target, expected: int) -> None:
    assert time_of_install(pixel(target), {}) == seconds(expected)


@pytest.mark.parametrize(
    ("test_path", "file", "suite", "whole"),
    [
        ("pay/a.spec.js", None, "pay/", ""),
        ("pay/a.spec.js:12", "pay/a.spec.js", "pay/a.spec.js:", ":"),
        ("a.spec.js:1", "a.spec.js", "a.spec.js:", ":"),
        ("pay/a.spec.js2", None, "pay/", ""),
        (":7", None, "./", ""),
    ],
)
def test_cases_are_in_the_suite_of_their_file(test_path: str, file: str | None, suite: str, whole: str) -> None:
    assert (file_of_cases(test_path), suite_of(test_path), whole_of(test_path)) == (file, suite, whole)


@pytest.mark.parametrize(
    ("of_cases", "of_file", "of_suite", "of_all", "expected"),
    [
        (7, 30, 4, 9, 7),
        (None, 30, 4, 9, 4),
        (None, 30, None, 9, 9),
        (None, None, None, 9, 9),
        (None, 6, None, 9, 6),
        (None, 30, None, None, 20),
        (None, 12, None, None, 12),
        (None, None, None, None, 20),
    ],
)
def test_cases_take_what_others_of_their_file_do_else_of_the_org_and_never_more_than_their_file(
    of_cases: float | None, of_file: float | None, of_suite: float | None, of_all: float | None, expected: float
) -> None:
    def sums(number: float | None) -> ByPlatform:
        return {} if number is None else {ANDROID: in_all(number)}

    known_s = time_of_cases(
        ANDROID, of_cases=sums(of_cases), of_file=sums(of_file), of_suite=sums(of_suite), of_all=sums(of_all)
    )
    assert known_s == seconds(expected)
