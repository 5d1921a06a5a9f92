import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.agent.project import Project
from qgjob.agent.runner import RunnerRequest
from qgjob.agent.runner.request import spec_filter
from qgjob.core.errors import ConfigurationError
from qgjob.core.places import Place
from qgjob.core.words import Platform


def request(*, app: str = "/home/qgjob/apps/1f.apk", android_home: str = "/home/qgjob/android") -> RunnerRequest:
    folder = Path("/home/qgjob/project")
    return RunnerRequest(
        project=Project(
            folder=folder,
            config=folder / "appwright.config.ts",
            playwright_cli=folder / "node_modules/@playwright/test/cli.js",
            appwright_version="0.1.1",
            playwright_version="1.59.1",
        ),
        specs=("tests/a.spec.js",),
        project_name=None,
        platform=Platform.ANDROID,
        app=Path(app),
        gateway_port=5000,
        device_name="Virtual Android A",
        work=Path("/home/qgjob/work"),
        case_timeout_s=60,
        env={"ANDROID_HOME": android_home},
    )


def test_plain_paths_are_taken() -> None:
    assert request().app == Path("/home/qgjob/apps/1f.apk")


@pytest.mark.parametrize("path", ["/home/a b/1f.apk", "/tmp/$(id).apk", "/tmp/a;b.apk", "/tmp/é.apk", "/tmp/a'b.apk"])
def test_an_app_whose_path_a_shell_would_read_otherwise_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError, match="Appwright passes the path of the app to a shell"):
        request(app=path)


def test_an_android_home_whose_path_a_shell_would_read_otherwise_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Appwright passes the path of the ANDROID_HOME to a shell"):
        request(android_home="/Users/Jo Doe/android")


def test_a_file_is_run_alone(tmp_path: Path) -> None:
    pattern = re.compile(spec_filter(tmp_path, "tests/a.spec.js"))
    assert pattern.search(f"{tmp_path}/tests/a.spec.js")
    assert not pattern.search(f"{tmp_path}/tests/a.spec.jsx")
    assert not pattern.search(f"{tmp_path}/tests/axspec.js")
    assert not pattern.search(f"/other{tmp_path}/tests/a.spec.js")


def test_a_folder_is_run_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "tests" / "cart").mkdir(parents=True)
    pattern = re.compile(spec_filter(tmp_path, "tests/cart"))
    assert pattern.search(f"{tmp_path}/tests/cart/deep/a.spec.js")
    assert not pattern.search(f"{tmp_path}/tests/cart.spec.js")


@pytest.mark.parametrize("spec", ["", ".", "/etc/passwd", "../other/a.spec.js", "tests/../../a.spec.js"])
def test_a_path_outside_of_the_project_is_refused(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not inside the project"):
        spec_filter(tmp_path, spec)


@given(
    st.text(st.characters(codec="ascii", exclude_characters="/\0"), min_size=1).filter(
        lambda text: text not in {".", ".."}
    )
)
def test_no_name_is_read_as_a_pattern(name: str) -> None:
    folder = Path("/project")
    pattern = re.compile(spec_filter(folder, name))
    assert pattern.search(f"/project/{name}")
    assert not pattern.search(f"/project/{name}x")


def test_places_are_run_by_their_lines_and_specs_whole() -> None:
    places = (
        Place(file="tests/b.spec.js", line=7),
        Place(file="tests/b.spec.js", line=12),
        Place(file="tests/c.spec.js", line=0),
    )
    mixed = replace(request(), places=places)

    assert mixed.filters() == [
        "^/home/qgjob/project/tests/a\\.spec\\.js$",
        "^/home/qgjob/project/tests/b\\.spec\\.js$:7",
        "^/home/qgjob/project/tests/b\\.spec\\.js$:12",
        "^/home/qgjob/project/tests/c\\.spec\\.js$",
    ]
    assert mixed.files == ("tests/a.spec.js", "tests/b.spec.js", "tests/c.spec.js")


def test_a_place_outside_of_the_project_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is not inside the project"):
        replace(request(), places=(Place(file="/etc/passwd", line=1),)).filters()


@pytest.mark.parametrize(
    "grep",
    [
        "@smoke",
        "--foo",
        "-x",
        "--project",
        "$(reboot)",
        "/pays/i",
        'it\'s "quoted"',
        "a b",
        "a\n--config=b",
        "`id`; rm -rf /",
    ],
)
def test_a_grep_is_one_word_and_never_an_option_of_its_own(grep: str) -> None:
    assert replace(request(), grep=grep).grep_argument() == [f"--grep={grep}"]


def test_without_a_grep_none_is_given() -> None:
    assert request().grep_argument() == []
