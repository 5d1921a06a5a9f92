"""docs/scheduling.md says what there is: every term of the rule, every reason."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qgjob.core import waiting
from qgjob.core.policy import SHIPPED, Because

PAGE = (Path(__file__).resolve().parents[2] / "docs/scheduling.md").read_text("utf-8")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE_OF_EACH = (
    waiting.NobodyServes(code="target", sentence=""),
    waiting.Resting(until_at=NOON),
    waiting.Kept(worker="", until_at=NOON),
    waiting.Satisfied(servers=1, last_start=timedelta(0), install=timedelta(0), worth=timedelta(0), starts_at=None),
    waiting.InLine(jobs=0, groups=0, jobs_of_groups=0, at_least=False, until_at=None),
    waiting.Next(),
)


@pytest.mark.parametrize("name", [field.name for field in fields(SHIPPED) if not field.name.endswith("_slack")])
def test_every_term_of_the_rule_is_named_with_its_default(name: str) -> None:
    value = getattr(SHIPPED, name)
    default = f"{value.total_seconds():g} s" if isinstance(value, timedelta) else f"{value:g} installations"

    assert f"| `{name}` | {default} |" in PAGE


def test_slacks_are_named_with_their_defaults() -> None:
    high, low = SHIPPED.high_slack.total_seconds(), SHIPPED.low_slack.total_seconds()

    assert f"| slack of `high`, `low` | -{-high:g} s, +{low:g} s |" in PAGE


@pytest.mark.parametrize("because", Because)
def test_every_reason_of_a_choice_is_named(because: Because) -> None:
    assert f"| `{because}` |" in PAGE


@pytest.mark.parametrize("reason", ONE_OF_EACH, ids=lambda reason: type(reason).__name__)
def test_every_kind_of_waiting_is_named_with_its_data(reason: waiting.Waiting) -> None:
    kind, *names = waiting.as_data(reason).items()
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind[1]}` |")]

    assert [name for name, _ in names if f"`{name}`" not in line] == []


def test_there_is_one_of_each_kind() -> None:
    assert {type(reason) for reason in ONE_OF_EACH} == set(waiting.Waiting.__args__)
