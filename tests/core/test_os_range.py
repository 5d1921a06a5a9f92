"""Ranges of OS versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.os_range import os_range

DEVICES = ("12", "13", "13.5", "14", "14.0", "14.1.2", "15", "15.1", "17.2")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("14", ["14", "14.0", "14.1.2"]),
        ("14.1", ["14.1.2"]),
        ("14.0", ["14", "14.0"]),
        (">=13,<15", ["13", "13.5", "14", "14.0", "14.1.2"]),
        (" >= 13 , < 15 ", ["13", "13.5", "14", "14.0", "14.1.2"]),
        (">14", ["15", "15.1", "17.2"]),
        (">14.0", ["14.1.2", "15", "15.1", "17.2"]),
        ("<=14", ["12", "13", "13.5", "14", "14.0", "14.1.2"]),
        ("<13.5", ["12", "13"]),
        (">=0", list(DEVICES)),
        (">=13,>=15,<17.3", ["15", "15.1", "17.2"]),
    ],
)
def test_a_bound_is_compared_number_by_number_at_its_own_precision(text: str, inside: list[str]) -> None:
    assert [version for version in DEVICES if os_range(text).has(version)] == inside


def test_nine_is_below_ten() -> None:
    assert os_range("<10").has("9")
    assert not os_range("<9").has("10")


@pytest.mark.parametrize(("said", "inside"), [("14 (API 34)", True), ("", False), ("Tiramisu", False), ("x14", False)])
def test_a_device_is_in_no_range_whose_version_begins_with_no_number(said: str, inside: bool) -> None:
    assert os_range(">=1").has(said) is inside


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "'' is no OS version and no bound of one: write a version such as 14 or 14.2, or bounds such as >=13,<15"),
        ("13-15", "'13-15' is no OS version and no bound of one"),
        (">=13,", "'' is no OS version"),
        ("==14", "'==14' is no OS version"),
        ("1.2.3.4.5", "'1.2.3.4.5' is no OS version"),
        (">=15,<13", "no OS version is in '>=15,<13': its bounds leave nothing between them"),
        ("14,15", "no OS version is in '14,15'"),
        ("<0", "no OS version is in '<0'"),
        ("1," * 60, "has more than 100 characters"),
    ],
)
def test_what_is_no_range_is_refused_with_a_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="^" + complaint.replace("(", r"\(")):
        os_range(text)


@pytest.mark.parametrize(("one", "other"), [("14", ">=14,<15"), ("14", "<=14,>13"), ("14.0", ">=14,<14.1")])
def test_ranges_with_the_same_versions_in_them_are_equal_and_written_alike(one: str, other: str) -> None:
    assert os_range(one) == os_range(other)
    assert str(os_range(one)) == str(os_range(other))


_versions = st.lists(st.integers(0, 30), min_size=1, max_size=3).map(lambda numbers: ".".join(map(str, numbers)))
_bounds = st.tuples(st.sampled_from(["", ">", ">=", "<", "<="]), _versions).map("".join)


@given(bounds=st.lists(_bounds, min_size=1, max_size=3), version=_versions)
def test_a_range_has_what_all_of_its_bounds_have_and_reads_as_it_is_written(bounds: list[str], version: str) -> None:
    try:
        whole = os_range(",".join(bounds))
    except ValueError:
        assert not all(_has(bound, version) for bound in bounds)
        return
    assert whole.has(version) is all(_has(bound, version) for bound in bounds)
    assert os_range(str(whole)) == whole


def _has(bound: str, version: str) -> bool:
    """The same, another way: compare as many numbers as the bound has, missing ones as zeros."""
    sign = bound.rstrip("0123456789.")
    numbers = [int(number) for number in bound[len(sign) :].split(".")]
    own = [int(number) for number in version.split(".")]
    cut = (own + [0] * len(numbers))[: len(numbers)]
    return {
        "": cut == numbers,
        ">": cut > numbers,
        ">=": cut >= numbers,
        "<": cut < numbers,
        "<=": cut <= numbers,
    }[sign]
