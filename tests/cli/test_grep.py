import json
import subprocess

import pytest

from qgjob.cli.submission.grep import joined_grep
from qgjob.core.errors import ConfigurationError

TITLES = (
    "android cart.spec.js cart adds up @smoke",
    "android cart.spec.js cart pays @slow @smoke",
    "android login.spec.js logs in @smokey",
    "android login.spec.js mail to a@smoke.example",
    "android login.spec.js logs out @a.b/c(d)",
)


def picked(grep: str | None) -> list[int]:
    """Ask node which titles an expression picks, made of it as Playwright makes one."""
    code = (
        "const [grep, ...titles] = process.argv.slice(1);"
        "const expression = new RegExp(grep, 'gi');"
        "const picked = titles.map((title) => { expression.lastIndex = 0; return expression.test(title); });"
        "console.log(JSON.stringify(picked));"
    )
    answer = subprocess.run(
        ["node", "-e", code, "--", str(grep), *TITLES], capture_output=True, text=True, check=True, timeout=30
    )
    return [place for place, is_picked in enumerate(json.loads(answer.stdout)) if is_picked]


def test_a_pattern_alone_goes_to_playwright_as_it_is() -> None:
    assert joined_grep("/Logs/", ()) == "/Logs/"
    assert joined_grep(None, ()) is None
    assert joined_grep("", ()) is None


def test_a_tag_is_a_whole_word_with_or_without_its_sign_in_any_case() -> None:
    assert picked(joined_grep(None, ["@smoke"])) == [0, 1]
    assert picked(joined_grep(None, ["Smoke"])) == [0, 1]


def test_of_several_tags_any_will_do() -> None:
    assert picked(joined_grep(None, ["slow", "smokey"])) == [1, 2]


def test_nothing_in_a_tag_is_an_expression() -> None:
    assert picked(joined_grep(None, ["a.b/c(d)"])) == [4]
    assert picked(joined_grep(None, [".*"])) == []


@pytest.mark.parametrize("pattern", ["pays|logs", "/PAYS|logs/i", "^android .*pays", "slow.*$"])
def test_a_pattern_and_a_tag_must_both_pick(pattern: str) -> None:
    assert picked(joined_grep(pattern, ["smoke"])) == [1]


def test_a_pattern_that_minds_the_case_cannot_be_joined() -> None:
    with pytest.raises(ConfigurationError, match="minds upper and lower case"):
        joined_grep("/Pays/", ["smoke"])


def test_an_expression_longer_than_a_job_carries_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="an expression of 2,001 characters"):
        joined_grep("x" * 2001, ())
