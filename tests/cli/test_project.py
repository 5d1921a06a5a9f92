from pathlib import Path

import pytest

from qgjob.cli.submission.project import Project, find_project, named_project
from qgjob.core.errors import ConfigurationError
from tests.cli.projects import make_project, write_files


def test_the_nearest_project_upwards_is_found(tmp_path: Path) -> None:
    root = make_project(tmp_path / "shop")
    assert find_project(root / "tests") == Project(root=root, config=root / "appwright.config.ts")


def test_a_package_without_an_appwright_config_is_passed_over(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"packages/model/package.json": "{}"})
    assert find_project(root / "packages/model") == Project(root=root, config=root / "appwright.config.ts")


def test_there_may_be_no_project(tmp_path: Path) -> None:
    write_files(tmp_path, {"appwright.config.ts": ""})
    assert find_project(tmp_path) is None


def test_a_named_folder_that_is_no_project_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is no Appwright project: it needs a package\.json and one of"):
        named_project(tmp_path)


def test_a_javascript_config_will_do(tmp_path: Path) -> None:
    write_files(tmp_path, {"package.json": "{}", "appwright.config.mjs": ""})
    assert named_project(tmp_path).config == tmp_path / "appwright.config.mjs"
