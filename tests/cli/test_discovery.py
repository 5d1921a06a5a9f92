from pathlib import Path

import pytest

from qgjob.cli.say import Say
from qgjob.cli.settings import Flags, settle
from qgjob.cli.submission.discovery import Found, ShardBy, Sought, discover
from qgjob.cli.submission.listing import list_files
from qgjob.cli.submission.places import find_places
from qgjob.cli.submission.project import Project, named_project
from qgjob.core.errors import ConfigurationError
from qgjob.core.words import Platform
from tests.cli.listed import CART_SPEC, LOGIN_SPEC, make_listed_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return named_project(make_listed_project(tmp_path / "shop"))


def find(
    project: Project, *written: str, grep: str | None = None, shard_by: ShardBy = ShardBy.FILE, name: str | None = None
) -> Found:
    files = list_files(project.root)
    sought = Sought(
        places=find_places(written, files, cwd=project.root, project=project),
        grep=grep,
        shard_by=shard_by,
        appwright_project=name,
        platform=Platform.ANDROID,
    )
    return discover(project, sought, files=files, say=Say(settle(Flags(), {})))


def test_without_paths_every_spec_that_has_tests_is_one_job(project: Project) -> None:
    (project.root / "tests/empty.spec.js").write_text("", encoding="utf-8")
    found = find(project)
    assert (found.paths, found.cases) == ([CART_SPEC, LOGIN_SPEC], 6)
    assert found.app == project.root / "builds/shop.apk"


@pytest.mark.parametrize("written", [LOGIN_SPEC, "tests/log*.spec.js", f"{LOGIN_SPEC}:1"])
def test_paths_and_globs_narrow_it(project: Project, written: str) -> None:
    found = find(project, written)
    assert (found.paths, found.cases) == (([written], 1) if ":" in written else ([LOGIN_SPEC], 2))


@pytest.mark.parametrize("written", ["tests", ".", "tests/"])
def test_a_folder_is_all_that_is_in_it(project: Project, written: str) -> None:
    assert find(project, written).paths == [CART_SPEC, LOGIN_SPEC]


def test_a_line_may_be_that_of_a_block(project: Project) -> None:
    found = find(project, f"{CART_SPEC}:1")
    assert (found.paths, found.cases) == ([f"{CART_SPEC}:1"], 2)


def test_a_file_that_is_named_whole_as_well_is_one_job(project: Project) -> None:
    assert find(project, f"{CART_SPEC}:1", "tests").paths == [CART_SPEC, LOGIN_SPEC]


def test_by_case_what_must_run_together_shares_a_job(project: Project) -> None:
    found = find(project, shard_by=ShardBy.CASE)
    assert found.paths == [
        f"{CART_SPEC}:2",
        f"{CART_SPEC}:3",
        f"{CART_SPEC}:5",
        f"{LOGIN_SPEC}:1",
        f"{LOGIN_SPEC}:2",
    ]
    assert found.cases == 6


def test_grep_leaves_out_files_that_have_no_such_test(project: Project) -> None:
    found = find(project, grep="logs")
    assert (found.paths, found.cases) == ([LOGIN_SPEC], 2)


def test_no_test_at_all_is_found_as_none(project: Project) -> None:
    assert find(project, grep="no such test").paths == []


def test_a_named_file_without_tests_is_not_quietly_left_out(project: Project) -> None:
    (project.root / "tests/empty.spec.js").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"there is no test at tests/empty\.spec\.js"):
        find(project, LOGIN_SPEC, "tests/empty.spec.js")


def test_a_syntax_error_is_told_in_playwrights_words(project: Project) -> None:
    (project.root / LOGIN_SPEC).write_text("syntax error", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"SyntaxError: Unexpected token \(tests/login.spec.js:1\)"):
        find(project)


def test_a_config_that_throws_is_told_in_its_own_words(project: Project) -> None:
    project.config.write_text("throw new Error('my own words');", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="my own words"):
        find(project)


def test_an_unknown_project_is_refused_with_those_that_there_are(project: Project) -> None:
    with pytest.raises(ConfigurationError, match='no project "ios"; it has: android'):
        find(project, name="ios")


def test_without_node_modules_file_names_decide_and_nothing_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"tests/more/deep.test.mts": "", "tests/page.js": "", "appwright.config.mjs": "throw new Error();"}
    project = named_project(make_listed_project(tmp_path / "shop", files, installed=False))
    found = find(project)
    assert (found.paths, found.cases) == ([CART_SPEC, LOGIN_SPEC, "tests/more/deep.test.mts"], None)
    assert find(project, "tests/more").paths == ["tests/more/deep.test.mts"]
    assert find(project, "tests/*.js").paths == [CART_SPEC, LOGIN_SPEC, "tests/page.js"]
    said = capsys.readouterr().err
    assert "Going by file names" in said
    assert "node_modules has no appwright" in said
    assert "run `npm install`" in said


def test_without_node_file_names_decide_too(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(project.root))
    assert find(project).paths == [CART_SPEC, LOGIN_SPEC]
    assert "There is no node on the PATH" in capsys.readouterr().err


def test_what_only_playwright_knows_is_refused_without_it(tmp_path: Path) -> None:
    project = named_project(make_listed_project(tmp_path / "shop", installed=False))
    refused = pytest.raises(ConfigurationError, match="only the project's own Playwright can tell that")
    with refused:
        find(project, grep="@smoke")
    with refused:
        find(project, shard_by=ShardBy.CASE)
    with refused:
        find(project, f"{LOGIN_SPEC}:1")


def test_a_project_that_no_agent_would_take_is_refused_at_once(project: Project) -> None:
    (project.root / "package-lock.json").unlink()
    with pytest.raises(ConfigurationError, match=r"There is no package-lock\.json"):
        find(project)
