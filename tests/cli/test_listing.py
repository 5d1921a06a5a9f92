from pathlib import Path

import pytest

from qgjob.cli.submission.listing import list_files
from tests.cli.projects import git, make_project, write_files

PROJECT = ["appwright.config.ts", "package.json", "tests/login.spec.ts"]
IGNORING = {
    ".gitignore": "*.log\n/build/\n!keep.log\n",
    "debug.log": "",
    "keep.log": "",
    "build/app.apk": "",
    "src/build/kept.ts": "",
    "src/.gitignore": "secret*\n!secret.example\n",
    "src/secret.env": "",
    "src/secret.example": "",
    "node_modules/appwright/index.js": "",
    "packages/node_modules/left/index.js": "",
}
KEPT = sorted([*PROJECT, ".gitignore", "keep.log", "src/.gitignore", "src/build/kept.ts", "src/secret.example"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "shop")


def test_git_says_what_belongs_to_a_project(project: Path) -> None:
    write_files(project, IGNORING)
    git(project, "init", "-q")
    git(project, "add", "tests")
    assert list_files(project) == KEPT


def test_without_a_repository_the_gitignore_files_mean_the_same(project: Path) -> None:
    write_files(project, IGNORING)
    assert list_files(project) == KEPT


def test_without_git_the_gitignore_files_mean_the_same(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(project, IGNORING)
    git(project, "init", "-q")
    monkeypatch.setenv("PATH", str(project))
    assert list_files(project) == KEPT


def test_only_the_project_is_listed_where_it_is_a_part_of_a_repository(tmp_path: Path) -> None:
    root = make_project(tmp_path / "mobile/e2e")
    write_files(tmp_path, {"README.md": "", ".gitignore": "*.log\n", "mobile/e2e/x.log": ""})
    git(tmp_path, "init", "-q")
    assert list_files(root) == PROJECT


def test_a_project_that_its_repository_ignores_is_listed_all_the_same(tmp_path: Path) -> None:
    root = make_project(tmp_path / "scratch/shop")
    write_files(tmp_path, {".gitignore": "scratch/\n"})
    git(tmp_path, "init", "-q")
    assert list_files(root) == PROJECT


def test_a_tracked_file_that_was_deleted_is_not_listed(project: Path) -> None:
    write_files(project, {"tests/old.spec.ts": ""})
    git(project, "init", "-q")
    git(project, "add", ".")
    (project / "tests/old.spec.ts").unlink()
    assert list_files(project) == PROJECT


def test_the_files_of_a_submodule_belong_to_the_project(project: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    write_files(pages, {"login.ts": "", ".gitignore": "*.log\n"})
    git(pages.parent, "init", "-q", "pages")
    git(pages, "add", ".")
    git(pages, "commit", "-q", "-m", "pages")
    git(project, "init", "-q")
    git(project, "submodule", "--quiet", "add", str(pages), "pages")
    write_files(project, {"pages/x.log": ""})
    assert list_files(project) == sorted([*PROJECT, ".gitmodules", "pages/.gitignore", "pages/login.ts"])


def test_names_with_blanks_newlines_and_umlauts_come_through(project: Path) -> None:
    odd = ["tests/mit blank.spec.ts", "tests/new\nline.spec.ts", "tests/über.spec.ts"]
    write_files(project, dict.fromkeys(odd, ""))
    git(project, "init", "-q")
    assert list_files(project) == sorted([*PROJECT, *odd])
