"""Where test paths lead, and who may be given jobs that pick cases."""

import pytest

from qgjob.core.picking import can_pick, names_line, place_named, problem_of_grep
from qgjob.core.places import Place

FILES = frozenset({"tests/a.spec.js", "tests/odd.spec.js:12"})
SPEC = "tests/a.spec.js"


@pytest.mark.parametrize(
    ("test_path", "place"),
    [
        ("tests/a.spec.js", Place(file="tests/a.spec.js", line=0)),
        ("tests/a.spec.js:7", Place(file="tests/a.spec.js", line=7)),
        ("tests/a.spec.js:1000000", Place(file="tests/a.spec.js", line=1_000_000)),
        ("tests/gone.spec.js:7", Place(file="tests/gone.spec.js", line=7)),
        ("tests/odd.spec.js:12", Place(file="tests/odd.spec.js:12", line=0)),
        ("tests/odd.spec.js:12:3", Place(file="tests/odd.spec.js:12", line=3)),
        ("tests/a.spec.js:0", Place(file="tests/a.spec.js:0", line=0)),
        ("tests/a.spec.js:07", Place(file="tests/a.spec.js:07", line=0)),
        ("tests/a.spec.js:1000001", Place(file="tests/a.spec.js:1000001", line=0)),
        ("tests/a.spec.js:", Place(file="tests/a.spec.js:", line=0)),
        ("tests/:7", Place(file="tests/:7", line=0)),
        (":7", Place(file=":7", line=0)),
    ],
)
def test_a_line_is_one_where_nothing_is_called_so_as_a_whole(test_path: str, place: Place) -> None:
    assert place_named(test_path, is_there=FILES.__contains__) == place


def test_without_the_project_what_ends_as_a_line_does_is_one() -> None:
    assert names_line("tests/odd.spec.js:12")
    assert not names_line(SPEC)


@pytest.mark.parametrize("grep", ["@smoke", "--foo", "$(reboot)", "/a|b/i", 'say "hi" it\'s', "pays › in €", "`x`"])
def test_text_is_a_grep_whatever_it_looks_like(grep: str) -> None:
    assert problem_of_grep(grep) is None


@pytest.mark.parametrize("grep", ["a\nb", "a\r", "\x1b[31m", "\0", "\x7f", "\x85", "  "])
def test_what_no_title_can_hold_is_no_grep(grep: str) -> None:
    assert problem_of_grep(grep) is not None


@pytest.mark.parametrize(
    ("test_path", "grep", "protocols"),
    [(SPEC, None, [1, 2, 3, 4]), (f"{SPEC}:7", None, [1, 3, 4]), (SPEC, "@a", [3, 4]), (f"{SPEC}:7", "@a", [3, 4])],
)
def test_who_may_be_given_what_picks_cases(test_path: str, grep: str | None, protocols: list[int]) -> None:
    able = [protocol for protocol in (1, 2, 3, 4) if can_pick(test_path=test_path, grep=grep, protocol=protocol)]
    assert able == protocols
