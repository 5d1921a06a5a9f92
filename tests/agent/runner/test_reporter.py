"""The reporter under real Node, called as Playwright calls it; what it writes is read by the agent's own reader."""

import json
from pathlib import Path

from qgjob.agent.runner import (
    Alive,
    Attachment,
    CaseBegan,
    CaseEnded,
    CaseError,
    FailureReason,
    Location,
    Outcome,
    RunBegan,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunStatus,
    Step,
)
from qgjob.agent.runner.config import REPORTER_FILE
from qgjob.agent.runner.reader import EventReader
from qgjob.core.attempt import Case
from qgjob.core.words import CaseStatus
from tests.agent.runner.node import run_node

TEST = """{
    id: "c1", expectedStatus: "passed", outcome: () => "unexpected",
    titlePath: () => ["", "android", "login.spec.js", "signing in", "works"],
    location: {file: root + "/tests/login.spec.js", line: 14, column: 3},
}"""
RESULT = """{
    status: "failed", retry: 1, duration: 1250.4, errors: [], steps: [], attachments: [],
}"""
CASE = Case(case_id="c1", title="signing in › works", file="tests/login.spec.js", line=14, select_line=14)


def told(folder: Path, calls: str) -> list[RunnerEvent]:
    """Make a reporter, call it, and read what it wrote."""
    file = folder / "events.jsonl"
    run_node(
        folder,
        f"""
        const Reporter = require({json.dumps(str(REPORTER_FILE))});
        const root = {json.dumps(str(folder))};
        const test = {TEST}, result = {RESULT};
        const reporter = new Reporter({{file: {json.dumps(str(file))}, root}});
        const metadata = {{qgjob: {{retries: 2, timeout_ms: 0, build_path: "/app.apk"}}}};
        const begin = (tests) => reporter.onBegin({{version: "1.59.1", metadata}}, {{allTests: () => tests}});
        {calls}
        """,
    )
    reader = EventReader()
    return [reader.read(line) for line in file.read_bytes().splitlines()]


def ended(folder: Path, result: str) -> CaseEnded:
    *_, event = told(folder, f"begin([test]); reporter.onTestEnd(test, {{...result, {result}}});")
    assert isinstance(event, CaseEnded)
    return event


def test_a_run_is_told_from_begin_to_end(tmp_path: Path) -> None:
    events = told(
        tmp_path,
        """
        begin([test]);
        reporter.onTestBegin(test, result);
        reporter.onTestEnd(test, result);
        reporter.onEnd({status: "failed", duration: 2000});
        """,
    )
    assert events == [
        RunBegan(
            at=events[0].at,
            cases=(CASE,),
            retries=2,
            timeout_s=None,
            build_path=Path("/app.apk"),
            lines={"c1": frozenset({14})},
        ),
        CaseBegan(at=events[1].at, case=CASE, retry=1),
        CaseEnded(
            at=events[2].at,
            case=CASE,
            retry=1,
            status=CaseStatus.FAILED,
            expected=CaseStatus.PASSED,
            outcome=Outcome.UNEXPECTED,
            seconds=1.25,
            errors=(),
            steps=(),
            attachments=(),
        ),
        RunEnded(at=events[3].at, status=RunStatus.FAILED, seconds=2.0),
    ]


def test_an_error_comes_without_colours_and_with_its_place(tmp_path: Path) -> None:
    event = ended(
        tmp_path,
        """errors: [
            {message: "\\u001b[2mexpect(\\u001b[22m\\u001b[31mreceived\\u001b[39m\\u001b[2m)\\u001b[22m",
             location: {file: root + "/tests/shop.js", line: 25, column: 1}},
            {value: "thrown text"}, {},
        ]""",
    )
    assert event.errors == (
        CaseError(message="expect(received)", location=Location(file="tests/shop.js", line=25)),
        CaseError(message="thrown text", location=None),
        CaseError(message="unknown error", location=None),
    )


def test_a_place_outside_of_the_project_is_told_whole(tmp_path: Path) -> None:
    (event,) = told(tmp_path, 'reporter.onError({message: "no", location: {file: "/elsewhere/a.js", line: 1}});')
    assert isinstance(event, RunFailed)
    assert (event.location, event.reason) == (Location(file="/elsewhere/a.js", line=1), FailureReason.CONFIGURATION)


def test_steps_are_told_with_their_depth(tmp_path: Path) -> None:
    event = ended(
        tmp_path,
        """steps: [
            {title: "Before Hooks", category: "hook", duration: 500, steps: [
                {title: "fixture: device", category: "fixture", duration: 400, steps: [
                    {title: "deep", category: "test.step", duration: 1, steps: [
                        {title: "deeper", category: "test.step", duration: 1, steps: []}]}]}]},
            {title: "tap", category: "test.step", duration: 20, error: {message: "no"}, steps: []},
        ]""",
    )
    assert event.steps == (
        Step(title="Before Hooks", category="hook", seconds=0.5, depth=0, failed=False),
        Step(title="fixture: device", category="fixture", seconds=0.4, depth=1, failed=False),
        Step(title="deep", category="test.step", seconds=0.001, depth=2, failed=False),
        Step(title="tap", category="test.step", seconds=0.02, depth=0, failed=True),
    )


def test_what_a_test_attaches_is_named_with_its_file(tmp_path: Path) -> None:
    event = ended(
        tmp_path,
        """attachments: [
            {name: "trace", path: "/work/trace.zip", contentType: "application/zip"},
            {name: "note", body: Buffer.from("x"), contentType: "text/plain"},
        ]""",
    )
    assert event.attachments == (
        Attachment(name="trace", path=Path("/work/trace.zip"), content_type="application/zip"),
        Attachment(name="note", path=None, content_type="text/plain"),
    )


def test_no_test_can_make_a_line_grow_without_end(tmp_path: Path) -> None:
    event = ended(
        tmp_path,
        """errors: Array(50).fill({message: "x".repeat(100_000)}),
        steps: Array(5000).fill({title: "s".repeat(5000), category: "test.step", duration: 1, steps: []}),
        attachments: Array(500).fill({name: "a".repeat(5000), contentType: "text/plain"})""",
    )
    assert [len(error.message) for error in event.errors] == [8000] * 10
    assert [len(step.title) for step in event.steps] == [1000] * 100
    assert [len(attachment.name) for attachment in event.attachments] == [1000] * 50


def test_more_tests_than_anybody_has_are_refused(tmp_path: Path) -> None:
    calls = """
        try { begin(Array(10_001).fill(test)); } catch (error) { reporter.onError(error); }
    """
    (event,) = told(tmp_path, calls)
    assert isinstance(event, RunFailed)
    assert event.message == "10001 tests are more than the 10000 that qgjob runs at once."


def test_a_line_is_in_the_file_before_the_reporter_goes_on(tmp_path: Path) -> None:
    # The process ends without any goodbye, as a crash would end it.
    events = told(tmp_path, "begin([test]); reporter.onTestBegin(test, result); process.reallyExit(0);")
    assert [type(event) for event in events] == [RunBegan, CaseBegan]


def select_lines(folder: Path, blocks: str, test: str = "{}") -> tuple[int, int]:
    """The line at which a test stands and the one that picks it; `blocks` are around it, innermost first."""
    (event,) = told(
        folder,
        f"""
        const spec = root + "/tests/login.spec.js";
        const blocks = {blocks};
        const file = {{type: "file", _parallelMode: "none", location: {{file: spec, line: 0}}}};
        const parents = [...blocks, file];
        parents.forEach((block, place) => {{
          block.parent = parents[place + 1];
          block.type ??= "describe";
          block.location ??= {{file: spec, line: block.line}};
        }});
        begin([{{...test, parent: parents[0], ...{test}}}]);
        """,
    )
    assert isinstance(event, RunBegan)
    (case,) = event.cases
    assert case.file == "tests/login.spec.js"
    return case.line, case.select_line


def test_a_case_is_picked_by_its_own_line(tmp_path: Path) -> None:
    assert select_lines(tmp_path, '[{line: 5, _parallelMode: "default"}]') == (14, 14)


def test_the_cases_of_a_serial_block_are_picked_together(tmp_path: Path) -> None:
    blocks = '[{line: 9, _parallelMode: "none"}, {line: 5, _parallelMode: "serial"}, {line: 2, _parallelMode: "none"}]'
    assert select_lines(tmp_path, blocks) == (14, 5)


def test_no_line_picks_a_case_of_a_serial_file(tmp_path: Path) -> None:
    blocks = '[{type: "file", line: 0, _parallelMode: "serial"}]'
    assert select_lines(tmp_path, blocks) == (14, 0)


def test_no_line_picks_a_case_that_another_file_declares(tmp_path: Path) -> None:
    elsewhere = '{location: {file: root + "/tests/shared.js", line: 40}}'
    assert select_lines(tmp_path, '[{line: 5, _parallelMode: "none"}]', elsewhere) == (5, 0)


def test_a_playwright_that_does_not_tell_of_serial_blocks_picks_nothing(tmp_path: Path) -> None:
    assert select_lines(tmp_path, "[{line: 5}]") == (14, 0)


def test_a_case_that_moves_gives_a_sign_of_life_once_a_second(tmp_path: Path) -> None:
    events = told(
        tmp_path,
        """
        begin([test]);
        reporter.onTestBegin(test, result);
        let now = Date.now();
        Date.now = () => now;
        for (const step of [400, 400, 400, 100, 1000]) {
          now += step;
          reporter.onStepBegin(test, result, {});
          reporter.onStdOut("typing");
        }
        """,
    )
    assert [type(event) for event in events] == [RunBegan, CaseBegan, Alive, Alive]


def test_the_lines_that_pick_a_case_are_its_own_and_those_of_the_blocks_around_it(tmp_path: Path) -> None:
    (event,) = told(
        tmp_path,
        """
        const spec = root + "/tests/login.spec.js";
        const file = {type: "file", location: {file: spec, line: 0}};
        const outer = {type: "describe", location: {file: spec, line: 3}, parent: file};
        const foreign = {type: "describe", location: {file: root + "/shared.js", line: 8}, parent: outer};
        begin([{...test, parent: foreign}]);
        """,
    )
    assert isinstance(event, RunBegan)
    assert event.lines == {"c1": frozenset({14, 3})}


def test_cases_are_told_in_the_order_in_which_they_run(tmp_path: Path) -> None:
    """What needs a worker process of its own comes last, and in a file what is in a parallel block comes later."""
    (event,) = told(
        tmp_path,
        """
        const fileOf = (name) => ({type: "file", _parallelMode: "none", location: {file: root + "/" + name, line: 0}});
        const one = fileOf("one.js"), two = fileOf("two.js");
        const parallel = {type: "describe", _parallelMode: "parallel", _hooks: [], parent: one};
        const hooked = {type: "describe", _parallelMode: "parallel", _hooks: [{type: "beforeAll"}], parent: one};
        const a_test = (id, parent, _workerHash = "usual") => ({...test, id, parent, _workerHash});
        begin([
          a_test("hooked", hooked), a_test("parallel", parallel), a_test("own worker", one, "own"),
          a_test("plain", one), a_test("parallel too", parallel), a_test("other file", two),
        ]);
        """,
    )
    assert isinstance(event, RunBegan)
    order = [case.case_id for case in event.cases]
    assert order == ["plain", "parallel", "parallel too", "hooked", "other file", "own worker"]
