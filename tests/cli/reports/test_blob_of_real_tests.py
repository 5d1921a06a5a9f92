"""Blobs that Playwright really wrote, merged and given back to it: what it shows is the run, with its attachments."""

import json
import os
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from qgjob.cli.reports.blob import MergedBlob
from qgjob.cli.reports.evidence import Blobs
from qgjob.cli.reports.html import write_html
from qgjob.cli.reports.reading import report_of
from qgjob.core.errors import ConfigurationError
from qgjob.wire.cases import ExecutionShown, RunCaseShown
from qgjob.wire.jobs import JobShown
from qgjob.wire.prospects import RunDetail
from tests.cli.reports.documents import a_case, a_job, a_run, an_execution
from tests.cli.reports.merged import Json, counts, merge, specs_of, stats_in

pytestmark = pytest.mark.exam

SPECS = {
    "cart.spec.js": """
const { test, expect } = require("@playwright/test");
const { shared } = require("../helpers.js");
test.describe("cart", () => {
  test("adds up", { tag: "@smoke" }, async () => {
    await test.step("look into the cart", async () => console.log("two mugs"));
  });
  test("takes a coupon", async ({}, info) => {
    require("fs").writeFileSync(info.outputPath("shot.png"), "a picture of " + process.env.OUTCOME);
    await info.attach("screenshot", { path: info.outputPath("shot.png"), contentType: "image/png" });
    expect(process.env.OUTCOME).toBe("good");
  });
  test.skip("is kept", () => {});
});
shared();
""",
    "other.spec.js": """
const { test } = require("@playwright/test");
test("of another run", async ({}, info) => {
  await info.attach("secret", { body: "of another run", contentType: "text/plain" });
});
""",
}
HELPERS = 'const { test } = require("@playwright/test"); exports.shared = () => test("shared", async () => {});'
CONFIG = """
module.exports = {
  testDir: "./tests", workers: 1, projects: [{ name: "android" }],
  reporter: [["json", { outputFile: process.env.INTO + "/report.json" }],
             ["blob", { outputDir: process.env.INTO + "/blob", fileName: "report.zip" }]],
};
"""


class Host:
    """Somebody else's machine, on which the project lies elsewhere."""

    def __init__(self, folder: Path, playwright: Path) -> None:
        self.folder = folder
        self.project = folder / "agents" / "project"
        (self.project / "tests").mkdir(parents=True)
        (self.project / "node_modules").symlink_to(playwright / "node_modules")
        (self.project / "helpers.js").write_text(HELPERS)
        (self.project / "playwright.config.js").write_text(CONFIG)
        for name, text in SPECS.items():
            (self.project / "tests" / name).write_text(text)
        self.ids: dict[str, str] = {}

    def run(self, name: str, *, outcome: str) -> Path:
        """One runner process; returns its blob."""
        into = self.folder / name
        subprocess.run(
            ["node", "node_modules/@playwright/test/cli.js", "test"],
            cwd=self.project,
            env={**os.environ, "OUTCOME": outcome, "INTO": str(into)},
            capture_output=True,
            timeout=120,
            check=False,
        )
        for spec in specs_of(json.loads((into / "report.json").read_bytes())):
            self.ids[spec["title"]] = spec["id"]
        return into / "blob" / "report.zip"

    def case(self, title: str, executions: Sequence[ExecutionShown], *, job_id: str) -> RunCaseShown:
        full = title if title == "shared" else f"cart › {title}"
        shown = a_case(full, executions, job_id=job_id, file="tests/cart.spec.js")
        return {**shown, "case_id": self.ids[title]}


@pytest.fixture
def host(tmp_path: Path, playwright: Path) -> Host:
    return Host(tmp_path, playwright)


def a_story(host: Host) -> tuple[RunDetail, list[JobShown], list[RunCaseShown], Blobs]:
    """A job whose first attempt failed, whose second one's host was lost, and whose third one passed; one that failed.

    Both jobs had their first attempt in one process with a job of another run. The lost attempt left no blob.
    """
    first, third = host.run("first", outcome="bad"), host.run("third", outcome="good")
    jobs = [a_job("job-1", "flaky"), a_job("job-2", "failed", target="device")]
    skipped = an_execution("skipped", expected="skipped")
    failed = an_execution("failed", errors=["Error: no"])
    cases = [
        host.case("adds up", [an_execution()], job_id="job-1"),
        host.case(
            "takes a coupon",
            [failed, an_execution("interrupted", attempt=2), an_execution(attempt=3, worker="V2")],
            job_id="job-1",
        ),
        host.case("is kept", [skipped], job_id="job-1"),
        host.case("shared", [an_execution()], job_id="job-1"),
        host.case("adds up", [an_execution()], job_id="job-2"),
        host.case("takes a coupon", [failed], job_id="job-2"),
    ]
    found = {("job-1", 1): first, ("job-1", 3): third, ("job-2", 1): first}
    blobs = Blobs(found, files={case["case_id"]: case["file"] for case in cases}, root="/home/ada/shop")
    return a_run(jobs, cases), jobs, cases, blobs


def test_playwright_shows_the_run_case_by_case(host: Host, tmp_path: Path, playwright: Path) -> None:
    run, jobs, cases, blobs = a_story(host)
    told = report_of(run, jobs, cases)
    (tmp_path / "merged").mkdir()
    MergedBlob(told, blobs).write(tmp_path / "merged" / "report.zip")

    report = merge(tmp_path / "merged" / "report.zip", playwright)

    (note,) = blobs.notes(told)
    assert note.startswith("1 of 8 executions are told from the farm's own records, without steps"), (
        "the attempt that was lost"
    )
    specs = list(specs_of(report))
    found = {spec["id"]: spec["tests"][0]["status"] for spec in specs}
    assert counts(found, set()) == run["cases"]
    assert run["cases"] == {"total": 6, "passed": 3, "failed": 1, "flaky": 1, "skipped": 1, "not_run": 0}
    assert {(spec["title"], spec["tests"][0]["projectName"], spec["tests"][0]["status"]) for spec in specs} == {
        ("adds up", "emulator", "expected"),
        ("takes a coupon", "emulator", "flaky"),
        ("is kept", "emulator", "skipped"),
        ("shared", "emulator", "expected"),
        ("adds up", "device", "expected"),
        ("takes a coupon", "device", "unexpected"),
    }
    flaky = _test(specs, "takes a coupon", "emulator")
    assert [(result["retry"], result["status"]) for result in flaky["results"]] == [
        (0, "failed"),
        (1, "interrupted"),
        (2, "passed"),
    ]
    assert [_read(result) for result in flaky["results"]] == ["a picture of bad", None, "a picture of good"]
    assert "secret" not in json.dumps(report), "what was attached to a case of another run"


def test_paths_are_told_from_the_project_and_not_from_the_host(host: Host, tmp_path: Path) -> None:
    run, jobs, cases, blobs = a_story(host)
    MergedBlob(report_of(run, jobs, cases), blobs).write(tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        told = archive.read("report.jsonl").decode()
    assert str(host.project) not in told
    assert "/home/ada/shop/tests/cart.spec.js" in told, "the place of the failure"
    assert '"file": "helpers.js"' in told
    assert '"file": "tests/cart.spec.js"' in told


def test_the_html_report_has_the_tests_and_their_attachments(host: Host, tmp_path: Path, playwright: Path) -> None:
    run, jobs, cases, blobs = a_story(host)
    (tmp_path / "merged").mkdir()
    MergedBlob(report_of(run, jobs, cases), blobs).write(tmp_path / "merged" / "report.zip")
    cli = playwright / "node_modules/@playwright/test/cli.js"
    for _ in ("made", "and made again"):
        write_html(tmp_path / "merged" / "report.zip", tmp_path / "html", cli=cli)
    assert sorted(path.name for path in (tmp_path / "html").iterdir()) == ["data", "index.html"]
    assert stats_in(tmp_path / "html" / "index.html") == {
        "total": 6,
        "expected": 3,
        "unexpected": 1,
        "flaky": 1,
        "skipped": 1,
        "ok": False,
    }
    pictures = {path.read_text() for path in (tmp_path / "html" / "data").iterdir() if path.suffix == ".png"}
    assert pictures == {"a picture of bad", "a picture of good"}


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"holds 'mine.txt'.*name another folder"):
        write_html(tmp_path / "report.zip", tmp_path, cli=tmp_path / "cli.js")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def _test(specs: Sequence[Json], title: str, project: str) -> Json:
    (test,) = [
        spec["tests"][0] for spec in specs if (spec["title"], spec["tests"][0]["projectName"]) == (title, project)
    ]
    assert isinstance(test, dict)
    return test


def _read(result: Json) -> str | None:
    """What the screenshot of a result holds, where it has one."""
    paths = [Path(attachment["path"]) for attachment in result["attachments"] if attachment["name"] == "screenshot"]
    return paths[0].read_text() if paths else None
