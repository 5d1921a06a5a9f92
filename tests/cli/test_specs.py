from pathlib import Path

import pytest

from qgjob.cli.submission.project import Project, named_project
from qgjob.cli.submission.specs import Spec, find_spec
from qgjob.cli.submission.specs import test_paths as paths_of
from qgjob.core.errors import ConfigurationError
from tests.cli.projects import make_project, write_files

FILES = ("package.json", "tests/cart/add.spec.ts", "tests/cart/shop.ts", "tests/login.spec.ts", "tests/smoke.spec.js")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return named_project(make_project(tmp_path / "shop", dict.fromkeys(FILES, "")))


def paths(project: Project, *written: str, cwd: Path | None = None) -> list[str]:
    here = cwd or project.root
    specs = [find_spec(each, cwd=here, project=project) for each in written]
    return paths_of(specs, FILES, cwd=here, project=project)


def test_a_file_may_be_named_from_the_current_folder(project: Project) -> None:
    assert paths(project, "login.spec.ts", cwd=project.root / "tests") == ["tests/login.spec.ts"]
    assert paths(project, "../login.spec.ts", cwd=project.root / "tests/cart") == ["tests/login.spec.ts"]
    assert paths(project, str(project.root / "tests/login.spec.ts"), cwd=Path("/")) == ["tests/login.spec.ts"]


def test_a_file_may_be_named_from_the_root_of_the_project(project: Project) -> None:
    assert paths(project, "tests/login.spec.ts", cwd=project.root / "tests/cart") == ["tests/login.spec.ts"]


def test_the_file_inside_the_project_is_meant_when_there_is_one_outside_too(project: Project) -> None:
    elsewhere = project.root.parent
    write_files(elsewhere, {"tests/login.spec.ts": ""})
    assert paths(project, "tests/login.spec.ts", cwd=elsewhere) == ["tests/login.spec.ts"]


def test_a_missing_file_is_refused_with_the_places_that_were_tried(project: Project) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        paths(project, "gone.spec.ts", cwd=project.root / "tests")
    assert refusal.value.message == (
        f"test file not found: gone.spec.ts (looked for {project.root}/tests/gone.spec.ts "
        f"and {project.root}/gone.spec.ts)"
    )


def test_a_file_outside_the_project_is_refused(project: Project) -> None:
    write_files(project.root.parent, {"other.spec.ts": ""})
    with pytest.raises(ConfigurationError, match=r"\.\./other\.spec\.ts is outside the project"):
        paths(project, "../other.spec.ts")


def test_a_folder_is_refused_with_the_glob_that_was_probably_meant(project: Project) -> None:
    with pytest.raises(ConfigurationError, match=r"tests is a folder; .* quote a glob: 'tests/\*\*/\*\.spec\.ts'"):
        paths(project, "tests")


def test_globs_match_from_the_current_folder_or_from_the_root(project: Project) -> None:
    assert paths(project, "tests/*.spec.*") == ["tests/login.spec.ts", "tests/smoke.spec.js"]
    assert paths(project, "tests/**/*.spec.ts") == ["tests/cart/add.spec.ts", "tests/login.spec.ts"]
    assert paths(project, "*.spec.ts", cwd=project.root / "tests/cart") == ["tests/cart/add.spec.ts"]
    assert paths(project, "tests/*.js", cwd=project.root / "tests/cart") == ["tests/smoke.spec.js"]


def test_a_glob_that_matches_nothing_is_refused(project: Project) -> None:
    with pytest.raises(ConfigurationError, match=r"'tests/\*\.py' matches no file of the project"):
        paths(project, "tests/*.py")


def test_each_test_runs_once_in_the_order_written(project: Project) -> None:
    assert paths(project, "tests/smoke.spec.js", "tests/*.spec.*") == ["tests/smoke.spec.js", "tests/login.spec.ts"]


def test_a_file_with_brackets_in_its_name_is_a_file(project: Project) -> None:
    write_files(project.root, {"tests/[id].spec.ts": ""})
    assert find_spec("tests/[id].spec.ts", cwd=project.root, project=project) == Spec(
        written="tests/[id].spec.ts", path="tests/[id].spec.ts"
    )


def test_a_file_that_git_ignores_is_refused(project: Project) -> None:
    write_files(project.root, {"tests/draft.spec.ts": ""})
    with pytest.raises(ConfigurationError, match="is ignored by git, so it is no part of the project's bundle"):
        paths(project, "tests/draft.spec.ts")


def test_outside_any_project_a_file_keeps_the_path_that_was_written(tmp_path: Path) -> None:
    write_files(tmp_path, {"tests/old.spec.js": ""})
    assert find_spec("./tests/old.spec.js", cwd=tmp_path, project=None).path == "tests/old.spec.js"
    with pytest.raises(ConfigurationError, match="test file not found: tests/\\*"):
        find_spec("tests/*.js", cwd=tmp_path, project=None)


def test_a_line_behind_a_file_is_a_part_of_its_test_path(project: Project) -> None:
    assert paths(project, "login.spec.ts:12", "cart/add.spec.ts", cwd=project.root / "tests") == [
        "tests/login.spec.ts:12",
        "tests/cart/add.spec.ts",
    ]
    assert paths(project, "tests/login.spec.ts:12", "tests/login.spec.ts", "tests/login.spec.ts:12") == [
        "tests/login.spec.ts:12",
        "tests/login.spec.ts",
    ]


def test_a_file_that_is_called_as_a_line_is_is_meant_as_a_whole(project: Project) -> None:
    write_files(project.root, {"tests/odd.spec.ts:12": ""})
    spec = find_spec("tests/odd.spec.ts:12", cwd=project.root, project=project)
    assert (spec.path, spec.line, spec.test_path) == ("tests/odd.spec.ts:12", 0, "tests/odd.spec.ts:12")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("tests/gone.spec.ts:12", r"test file not found: tests/gone\.spec\.ts "),
        ("tests:12", "tests is a folder"),
        ("tests/login.spec.ts:0", "test file not found: tests/login.spec.ts:0 "),
    ],
)
def test_a_line_of_nothing_is_refused(project: Project, written: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        paths(project, written)


def test_outside_any_project_a_line_is_kept_too(tmp_path: Path) -> None:
    write_files(tmp_path, {"tests/old.spec.js": ""})
    assert find_spec("./tests/old.spec.js:7", cwd=tmp_path, project=None).test_path == "tests/old.spec.js:7"
