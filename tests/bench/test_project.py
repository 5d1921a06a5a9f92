"""Which spec files the benchmark takes for a number of cases."""

from bench.runner.project import choose_specs
from qgjob.core.attempt import Case

CASES = [
    Case(case_id=f"{file}-{number}", title=f"case {number}", file=file, line=number)
    for file in ("tests/a.spec.js", "tests/b.spec.js", "tests/c.spec.js")
    for number in (1, 2)
]


def test_specs_are_taken_in_order_until_there_are_enough_cases() -> None:
    assert choose_specs(CASES, at_least=4) == ("tests/a.spec.js", "tests/b.spec.js")


def test_a_spec_that_was_begun_is_taken_whole() -> None:
    assert choose_specs(CASES, at_least=3) == ("tests/a.spec.js", "tests/b.spec.js")


def test_more_cases_than_there_are_take_everything() -> None:
    assert choose_specs(CASES, at_least=50) == ("tests/a.spec.js", "tests/b.spec.js", "tests/c.spec.js")
