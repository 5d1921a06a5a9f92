"""What can go wrong on the way to the HTML report; nothing that is there is harmed by it."""

from pathlib import Path

import pytest

from qgjob.cli.reports.html import playwright_of, write_html
from qgjob.cli.submission.project import Project
from qgjob.core.errors import ConfigurationError, InfrastructureError


@pytest.fixture
def old_report(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("old")
    return tmp_path / "html"


def a_playwright(folder: Path, script: str) -> Path:
    cli = folder / "cli.js"
    cli.write_text(script)
    return cli


def test_without_node_it_says_so(tmp_path: Path, old_report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="Node, which is not on PATH"):
        write_html(tmp_path / "report.zip", old_report, cli=tmp_path / "cli.js")
    assert (old_report / "index.html").read_text() == "old"


def test_what_playwright_said_is_told(tmp_path: Path, old_report: Path) -> None:
    cli = a_playwright(tmp_path, 'console.error("no such reporter"); process.exit(1);')
    with pytest.raises(InfrastructureError, match="ended with 1 and said: no such reporter"):
        write_html(tmp_path / "report.zip", old_report, cli=cli)
    assert (old_report / "index.html").read_text() == "old"


def test_a_report_without_a_page_is_none(tmp_path: Path, old_report: Path) -> None:
    with pytest.raises(InfrastructureError, match=r"left no index\.html"):
        write_html(tmp_path / "report.zip", old_report, cli=a_playwright(tmp_path, ""))
    assert (old_report / "index.html").read_text() == "old"


def test_a_file_in_the_place_of_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "html").write_text("mine")
    with pytest.raises(ConfigurationError, match="is no folder"):
        write_html(tmp_path / "report.zip", tmp_path / "html", cli=a_playwright(tmp_path, ""))
    assert (tmp_path / "html").read_text() == "mine"


def test_settings_of_playwright_in_the_environment_are_not_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_HTML_OUTPUT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PLAYWRIGHT_HTML_OPEN", "always")
    script = """
      const { PLAYWRIGHT_HTML_OUTPUT_DIR: folder, PLAYWRIGHT_HTML_OPEN: open } = process.env;
      require("fs").writeFileSync(folder + "/index.html", open);
    """
    write_html(tmp_path / "report.zip", tmp_path / "html", cli=a_playwright(tmp_path, script))
    assert (tmp_path / "html" / "index.html").read_text() == "never"
    assert not (tmp_path / "elsewhere").exists()


def test_a_project_without_packages_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="run `npm ci` there"):
        playwright_of(Project(root=tmp_path, config=tmp_path / "appwright.config.ts"))
