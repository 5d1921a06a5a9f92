"""How long tests and installations will take, learnt from how long they took (exponentially weighted averages)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.words import Platform, Target, Verdict
from qgjob.core.worker_class import WorkerClass

UNKNOWN_TEST = timedelta(seconds=60)
UNKNOWN_INSTALL = timedelta(seconds=60)
UNKNOWN_CLOUD_INSTALL = timedelta(seconds=30)
"""A cloud was given the bytes once for all of its workers, and only opens a session with them."""
TEST_WEIGHT = 0.5
"""What the newest run of a test counts against all before: tests change with each push."""
INSTALL_WEIGHT = 0.3
"""Installations change less and scatter more."""

WHOLE_ORG = ""
"""The suite that all tests of an org are in."""
ALL_CASES = ":"
"""The suite that all those of an org are in that are named by a line: single cases, or a few."""
UNKNOWN_CASES = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What is expected of one test or installation, and how many of them it was learnt from."""

    took: timedelta
    samples: int


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What some tests are expected to take together."""

    took: timedelta
    tests: int


ByPlatform = Mapping[Platform | None, Sum]
"""What is known of something on each platform of one target; None: of devices of which nobody said the platform."""


def after_test(known: Estimate | None, *, took: timedelta, verdict: Verdict) -> Estimate | None:
    """Learn from one attempt; None: there is still nothing to go by.

    One that failed or timed out teaches only that a test can take longer: where it broke off says nothing else.
    """
    if verdict in {Verdict.PASSED, Verdict.FLAKY}:
        return _blend(known, took, TEST_WEIGHT)
    if verdict in {Verdict.FAILED, Verdict.TIMED_OUT} and known is not None and took > known.took:
        return _blend(known, took, TEST_WEIGHT)
    return known


def after_install(known: Estimate | None, *, took: timedelta) -> Estimate:
    """Learn from one installation that a device really did."""
    return _blend(known, took, INSTALL_WEIGHT)


def suite_of(test_path: str) -> str:
    """Name the folder that a test is in, with a slash behind it: its suite. Of cases it is their file, with a colon."""
    if file := file_of_cases(test_path):
        return f"{file}:"
    folder, slash, _ = test_path.rpartition("/")
    return f"{folder}/" if slash else "./"


def file_of_cases(test_path: str) -> str | None:
    """Name the file of what is named by a line, as cases are; None: it is not. No project is looked into for that."""
    stem = test_path.rstrip("0123456789")
    return stem[:-1] if stem.endswith(":") and stem not in {test_path, ":"} else None


def whole_of(test_path: str) -> str:
    """Name the suite of all of an org that a test is in: cases are not as long as files."""
    return WHOLE_ORG if file_of_cases(test_path) is None else ALL_CASES


def time_of_cases(
    platform: Platform | None, *, of_cases: ByPlatform, of_file: ByPlatform, of_suite: ByPlatform, of_all: ByPlatform
) -> timedelta:
    """Say what the cases at a line will take on a platform: never more than `of_file`, what all of their file does.

    By what is known of themselves; else it is the mean of the other cases of their file, else of the org's.
    """
    own = mean_on(platform, of_cases)
    if own is not None:
        return own
    means = (mean_on(platform, known) for known in (of_suite, of_all))
    expected = next((mean for mean in means if mean is not None), UNKNOWN_CASES)
    whole = mean_on(platform, of_file)
    return expected if whole is None else min(expected, whole)


def time_of_test(
    platform: Platform | None, *, of_test: ByPlatform, of_suite: ByPlatform, of_org: ByPlatform
) -> timedelta:
    """Say what a test will take on a platform; None: nobody said on which.

    By what is known of the test itself; else it is the mean of its suite, else of its org.
    """
    means = (mean_on(platform, known) for known in (of_test, of_suite, of_org))
    return next((mean for mean in means if mean is not None), UNKNOWN_TEST)


def mean_on(platform: Platform | None, known: ByPlatform) -> timedelta | None:
    """Say what a test takes on a platform, and where that is not known on devices that do not say theirs.

    Without a platform it is what it takes on such devices, and where that is not known on all of them.
    """
    if not known:
        return None  # as of most tests of a first run, and there may be ten thousand
    asked: Sequence[Collection[Platform | None]] = (
        ((platform,), (None,)) if platform is not None else ((None,), tuple(Platform))
    )
    for platforms in asked:
        found = [known[each] for each in platforms if each in known]
        if found:
            return sum((each.took for each in found), timedelta(0)) / sum(each.tests for each in found)
    return None


def time_of_install(asked: WorkerClass, known: Mapping[WorkerClass, Estimate]) -> timedelta:
    """Say what a package will take to install on devices of a class, by what is known of it on any class.

    Else it is the mean over the classes of the same target, else over all of them.
    """
    if asked in known:
        return known[asked].took
    alike = [each.took for worker_class, each in known.items() if worker_class.target is asked.target]
    found = alike or [each.took for each in known.values()]
    if not found:
        return UNKNOWN_CLOUD_INSTALL if asked.target is Target.BROWSERSTACK else UNKNOWN_INSTALL
    return sum(found, timedelta(0)) / len(found)


def _blend(known: Estimate | None, newest: timedelta, weight: float) -> Estimate:
    if known is None:
        return Estimate(took=newest, samples=1)
    return Estimate(took=known.took + (newest - known.took) * weight, samples=known.samples + 1)
