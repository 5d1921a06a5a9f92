from pathlib import Path

import pytest

from qgjob.cli.submission.places import find_places
from qgjob.cli.submission.project import Project, named_project
from qgjob.core.errors import ConfigurationError
from qgjob.core.places import Place
from tests.cli.projects import make_project, write_files

FILES = ("tests/cart/add.spec.ts", "tests/login.spec.ts", "tests/odd.spec.ts:3")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return named_project(make_project(tmp_path / "shop", dict.fromkeys(FILES, "")))


def places(project: Project, *written: str, cwd: Path | None = None) -> list[tuple[str, int]]:
    found = find_places(written, FILES, cwd=cwd or project.root, project=project)
    return [(place.file, place.line) for place in found]


def test_a_line_is_taken_off_a_file_and_off_a_glob(project: Project) -> None:
    assert places(project, "tests/login.spec.ts:12") == [("tests/login.spec.ts", 12)]
    assert places(project, "tests/**/*.spec.ts:7") == [("tests/cart/add.spec.ts", 7), ("tests/login.spec.ts", 7)]


def test_a_file_that_is_really_called_so_is_that_file(project: Project) -> None:
    assert places(project, "tests/odd.spec.ts:3") == [("tests/odd.spec.ts:3", 0)]


def test_a_folder_may_be_named_from_inside_it(project: Project) -> None:
    assert places(project, "cart", cwd=project.root / "tests") == [("tests/cart", 0)]


def test_the_whole_project_is_no_narrowing(project: Project) -> None:
    assert find_places(["."], FILES, cwd=project.root, project=project) == []
    assert find_places([str(project.root), "tests"], FILES, cwd=project.root, project=project) == []


def test_each_place_is_there_once_in_the_order_written(project: Project) -> None:
    written = ("tests/login.spec.ts", "tests/cart", "tests/login.spec.ts")
    assert places(project, *written) == [("tests/login.spec.ts", 0), ("tests/cart", 0)]


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("gone.spec.ts", "test file not found: gone.spec.ts"),
        ("gone.spec.ts:4", "test file not found: gone.spec.ts"),
        ("tests/*.py", "matches no file"),
        ("..", "is outside the project"),
        ("tests/cart:3", "names a line of a folder"),
        ("tests/ignored.spec.ts", "is ignored by git"),
    ],
)
def test_what_cannot_be_meant_is_refused(project: Project, written: str, complaint: str) -> None:
    write_files(project.root, {"tests/ignored.spec.ts": ""})
    with pytest.raises(ConfigurationError, match=complaint):
        find_places([written], FILES, cwd=project.root, project=project)


def test_a_place_says_its_line(project: Project) -> None:
    assert find_places(["tests/login.spec.ts:1"], FILES, cwd=project.root, project=project) == [
        Place(file="tests/login.spec.ts", line=1)
    ]
