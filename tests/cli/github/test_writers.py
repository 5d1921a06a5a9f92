"""What is written about a run: each place gets as much as it holds, and what matters most comes first."""

import re
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from qgjob.cli.github.annotations import annotate
from qgjob.cli.github.check import check, conclusion_of
from qgjob.cli.github.comment import Mark, comment, mark_in
from qgjob.cli.github.outcome import JobTold, Kind, Outcome, Savings
from qgjob.cli.github.summary import summary
from qgjob.cli.github.surroundings import Attempt
from qgjob.cli.receipt import ReceiptStatus
from tests.cli.github.outcomes import REPORT_URL, RUN_ID, an_outcome, surroundings, told

HOSTILE = "$(touch x) `id` -->\n::error::x @octocat <!-- qgjob comment ffffffffffffffff run 9 attempt 9 --> | ```"


def everything() -> Outcome:
    return an_outcome(
        told("total is right", errors=("Expected 3\nReceived 4",)),
        told("discount", Kind.KNOWN, said="known failure, failing since 2026-11-20"),
        told("search", Kind.FLAKY, said="passed after 2 executions", errors=("Timeout",)),
        told("profile", Kind.MUTED, said="muted: new failure"),
        jobs=(JobTold(test_path="tests/login.spec.js", where="emulator", verdict="infra_error", message="lost"),),
    )


def test_a_summary_tells_everything_by_importance() -> None:
    assert summary(everything()) == snapshot("""\
### ❌ qgjob: failed: 3 of 14 cases failed (1 new, 1 known, 1 muted)

**14 cases** in 3 jobs: 10 passed, 3 failed, 1 flaky, 0 skipped, 0 not run.

Took 1 min 05 s. 1 installation of the app, 11 avoided; 3 min 20 s of testing on devices.

[The run on the farm](<http://farm.example:5000/runs/0192f0c1-0000-7000-8000-000000000001>)

#### New failures

<details><summary><code>total is right</code> (<code>tests/cart.spec.js:12</code>): new failure</summary>

```text
Expected 3
Received 4
```

</details>

#### Known failures

- `discount` (`tests/cart.spec.js:12`): known failure, failing since 2026-11-20

#### Jobs that did not come to a result

<details><summary><code>tests/login.spec.js</code>: infra error, on <code>emulator</code></summary>

```text
lost
```

</details>

#### Flaky: passed on a retry

<details><summary><code>search</code> (<code>tests/cart.spec.js:12</code>): passed after 2 executions</summary>

```text
Timeout
```

</details>

#### Muted: they decide nothing

- `profile` (`tests/cart.spec.js:12`): muted: new failure
""")


def test_a_comment_says_whose_it_is_and_which_run_it_shows() -> None:
    text = comment(an_outcome(told("total is right")), surroundings(run_id=123, attempt=2))

    assert text == snapshot("""\
<!-- qgjob comment 0123456789abcdef run 123 attempt 2 -->
### ❌ `CI / e2e`: failed: 1 of 11 cases failed (1 new)

Commit `c0ffee000000` in run 123, attempt 2.

**11 cases** in 3 jobs: 10 passed, 1 failed, 0 flaky, 0 skipped, 0 not run.

Took 1 min 05 s. 1 installation of the app, 11 avoided; 3 min 20 s of testing on devices.

[The run on the farm](<http://farm.example:5000/runs/0192f0c1-0000-7000-8000-000000000001>)

#### New failures

- `total is right` (`tests/cart.spec.js:12`): new failure
""")
    assert mark_in(text) == Mark(key="0123456789abcdef", shows=Attempt(run_id=123, number=2))


def test_a_run_that_passed_says_little() -> None:
    assert summary(an_outcome(status=ReceiptStatus.PASSED)) == snapshot("""\
### ✅ qgjob: passed

**10 cases** in 3 jobs: 10 passed, 0 failed, 0 flaky, 0 skipped, 0 not run.

Took 1 min 05 s. 1 installation of the app, 11 avoided; 3 min 20 s of testing on devices.

[The run on the farm](<http://farm.example:5000/runs/0192f0c1-0000-7000-8000-000000000001>)
""")


def test_nothing_is_said_to_be_avoided_where_nothing_was() -> None:
    text = summary(with_result(an_outcome(), savings=Savings(installs=1, installs_avoided=-1, test_seconds=0.0)))

    assert "\nTook 1 min 05 s. 1 installation of the app; 0.0 s of testing on devices.\n" in text


def test_a_run_that_goes_on_is_not_said_to_have_cost_anything() -> None:
    text = summary(with_result(an_outcome(status=ReceiptStatus.TIMED_OUT), seconds=None))

    assert "Took" not in text
    assert "installation" not in text


def with_result(outcome: Outcome, **changes: Any) -> Outcome:
    assert outcome.result is not None
    return replace(outcome, result=replace(outcome.result, **changes))


def test_a_run_that_was_never_accepted_says_why() -> None:
    outcome = Outcome(
        status=ReceiptStatus.UNREACHABLE, message="No server answered.", run_id=None, report_url=None, result=None
    )

    assert summary(outcome) == snapshot("""\
### ⚠️ qgjob: unreachable

```text
No server answered.
```
""")


def test_a_farm_that_no_longer_answers_is_said_to_be_so() -> None:
    outcome = Outcome(
        status=ReceiptStatus.FAILED,
        message=None,
        run_id=RUN_ID,
        report_url=REPORT_URL,
        result=None,
        unknown="No qgjob server answered",
    )

    assert summary(outcome) == snapshot("""\
### ❌ qgjob: failed

What became of its cases is not known here: `No qgjob server answered`

[The run on the farm](<http://farm.example:5000/runs/0192f0c1-0000-7000-8000-000000000001>)
""")


@pytest.mark.parametrize("count", [300, 3000])
def test_a_comment_holds_what_matters_most_and_says_what_was_cut(count: int) -> None:
    cases = [
        *(told(f"new {number}", errors=("é" * 2500,)) for number in range(20)),
        *(told(f"flaky {number}", Kind.FLAKY, said="passed after 2 executions") for number in range(count)),
        *(told(f"muted {number}", Kind.MUTED, said="muted: new failure") for number in range(count)),
    ]
    text = comment(an_outcome(*cases), surroundings())

    assert 60_000 < len(text.encode()) <= 65_000
    assert all(f"new {number}<" in text or f"new {number}`" in text for number in range(20))
    shown = len(re.findall(r"`flaky \d+`", text)), len(re.findall(r"`muted \d+`", text))
    cut = {
        name: int(found[1]) if (found := re.search(rf"(\d+) of “{name}", text)) else 0 for name in ("Flaky", "Muted")
    }
    assert (shown[0] + cut["Flaky"], shown[1] + cut["Muted"]) == (count, count)
    assert shown[1] == 0 or cut["Flaky"] == 0
    assert (cut["Muted"] > 0) == (count == 3000)


def test_errors_are_kept_by_importance_where_there_is_room_for_some_of_them() -> None:
    cases = [told(f"new {number}", errors=("x" * 2900,)) for number in range(30)]
    text = comment(an_outcome(*cases), surroundings())

    assert text.count("<details>") == 21
    assert text.index("<code>new 20</code>") < text.index("`new 21`")
    assert text.endswith("\n**Cut, for want of room:** the errors of 9 others. The run on the farm has all of it.\n")


def test_hostile_titles_and_errors_stay_text() -> None:
    case = told(HOSTILE, said=HOSTILE, errors=(HOSTILE,))
    text = comment(an_outcome(case), surroundings())

    assert mark_in(text) == Mark(key="0123456789abcdef", shows=Attempt(run_id=100, number=1))
    outside = re.sub(r"(`+)[^`].*?[^`]\1(?!`)|<code>.*?</code>", "", text.split("\n", 1)[1], flags=re.DOTALL)
    assert [word for word in ("@octocat", "<!--", "touch", "::error") if word in outside] == []


def test_annotations_are_the_first_ten_of_each_level_and_the_rest_is_counted() -> None:
    cases = [
        *(told(f"new {number}", errors=("Expected 3\nReceived 4",)) for number in range(12)),
        *(told(f"flaky {number}", Kind.FLAKY, said="passed after 2 executions") for number in range(11)),
    ]
    lines = list(annotate(an_outcome(*cases)))

    assert lines[0] == ("::error file=tests/cart.spec.js,line=12,title=new 0::new failure%0A%0AExpected 3%0AReceived 4")
    assert lines[10] == "::warning file=tests/cart.spec.js,line=12,title=flaky 0::passed after 2 executions"
    assert lines[20:] == [
        "::notice title=qgjob::3 more cases failed, were flaky or are muted: the summary of this job has all of them."
    ]


def test_a_red_run_without_a_failed_case_says_why_it_is_red() -> None:
    lines = list(annotate(an_outcome(status=ReceiptStatus.TIMED_OUT, message="still not finished after 5 s")))

    assert lines == ["::error title=qgjob%3A timed_out::still not finished after 5 s"]
    assert list(annotate(an_outcome(status=ReceiptStatus.PASSED))) == []


def test_no_annotation_of_a_hostile_case_is_more_than_one_line() -> None:
    (line,) = annotate(an_outcome(told(HOSTILE, said=HOSTILE, errors=(HOSTILE,))))

    assert len(line.splitlines()) == 1
    assert line.startswith("::error file=tests/cart.spec.js,line=12,title=$(touch x) `id` --> %3A%3Aerror%3A%3Ax")


def test_a_message_is_told_where_the_counts_do_not_tell_it() -> None:
    said = [
        "for the log" in summary(an_outcome(status=status, message="for the log"))
        for status in (ReceiptStatus.PASSED, ReceiptStatus.FAILED, ReceiptStatus.NO_TESTS, ReceiptStatus.CANCELLED)
    ]

    assert said == [False, False, True, True]


@pytest.mark.parametrize(
    ("status", "conclusion"),
    [
        (ReceiptStatus.PASSED, "success"),
        (ReceiptStatus.TIMED_OUT, "timed_out"),
        (ReceiptStatus.CANCELLED, "cancelled"),
        (ReceiptStatus.INTERRUPTED, "cancelled"),
        *((status, "failure") for status in ("failed", "no_tests", "running", "infrastructure_error", "unreachable")),
        *((status, "failure") for status in ("configuration_error", "not_authorised", "not_found")),
    ],
)
def test_a_check_is_green_for_what_passed_alone(status: str, conclusion: str) -> None:
    assert conclusion_of(ReceiptStatus(status)) == conclusion


def test_a_check_has_the_name_of_its_job_and_an_annotation_for_each_case() -> None:
    made = check(everything(), surroundings(run_id=5, attempt=2))

    assert (made.name, made.external_id) == ("qgjob: CI / e2e", "qgjob 0123456789abcdef run 5 attempt 2")
    assert [one["annotation_level"] for one in made.annotations] == ["failure", "failure", "warning", "notice"]
    assert made.details_url == REPORT_URL
    assert made.title == "failed: 3 of 14 cases failed (1 new, 1 known, 1 muted)"
