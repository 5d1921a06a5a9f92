"""Projects: every refusal with its sentence, and the way of a bundle to a project that can run."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qgjob.agent.host_trouble import HostTrouble
from qgjob.agent.processes import Processes
from qgjob.agent.project import Project, check_installed, check_project, prepare_project
from qgjob.core.errors import ConfigurationError
from tests.agent.npm_projects import write_bundle, write_json, write_lock, write_project

EXAMPLE = Path(__file__).parents[2] / "examples" / "shop"
PIN = (
    'pin it in package.json with "devDependencies": {"@playwright/test": "1.59.1"} and "overrides": '
    '{"playwright": "1.59.1", "playwright-core": "1.59.1"}, then run `npm install` and commit package-lock.json.'
)


@pytest.fixture(autouse=True)
def own_npm_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path / "processes.json")


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        check_project(folder)
    return caught.value.message


def test_the_example_is_a_project_that_can_run() -> None:
    assert check_project(EXAMPLE) == Project(
        folder=EXAMPLE,
        config=EXAMPLE / "appwright.config.ts",
        playwright_cli=EXAMPLE / "node_modules" / "@playwright" / "test" / "cli.js",
        appwright_version="0.1.1",
        playwright_version="1.59.1",
    )


def test_a_config_in_javascript_is_as_good(project: Path) -> None:
    (project / "appwright.config.ts").rename(project / "appwright.config.mjs")

    assert check_project(project).config == project / "appwright.config.mjs"


def test_a_folder_without_package_json_is_no_project(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "There is no package.json: this is not the folder of an Appwright project."


def test_a_package_json_that_is_no_json_is_refused(project: Path) -> None:
    (project / "package.json").write_text("{ private: true }")

    assert refusal(project).startswith("package.json cannot be read as JSON: Expecting property name")


def test_a_package_json_that_is_no_object_is_refused(project: Path) -> None:
    (project / "package.json").write_text("[]")

    assert refusal(project) == "package.json holds no JSON object."


def test_a_project_with_workspaces_is_refused(project: Path) -> None:
    write_json(project / "package.json", {"workspaces": ["packages/*"]})

    assert refusal(project) == (
        "The project has npm workspaces, which cannot be submitted: give it a folder of its own."
    )


def test_a_project_without_lockfile_is_refused(project: Path) -> None:
    (project / "package-lock.json").unlink()

    assert refusal(project) == "There is no package-lock.json: run `npm install` and commit it."


def test_a_project_with_another_lockfile_is_told_that_it_is_not_read(project: Path) -> None:
    (project / "package-lock.json").rename(project / "yarn.lock")

    assert refusal(project) == "There is no package-lock.json (yarn.lock is not read): run `npm install` and commit it."


def test_a_lockfile_of_npm_6_is_refused(project: Path) -> None:
    write_json(project / "package-lock.json", {"lockfileVersion": 1, "dependencies": {}})

    assert refusal(project) == (
        "package-lock.json is of npm 6 or older: delete it, run `npm install` with npm 7 or newer, and commit it."
    )


def test_a_project_without_appwright_is_refused(project: Path) -> None:
    write_lock(project, {"": {}, "node_modules/@playwright/test": {"version": "1.59.1"}})

    assert refusal(project) == (
        "The project does not use Appwright: run `npm install --save-dev appwright` and commit package-lock.json."
    )


@pytest.mark.parametrize("name", ["@playwright/test", "playwright", "playwright-core"])
def test_a_playwright_that_breaks_appwright_is_refused_with_what_to_pin(tmp_path: Path, name: str) -> None:
    project = write_project(tmp_path / "project", {name: "1.60.0"})

    assert refusal(project) == (f"package-lock.json has {name} 1.60.0, with which Appwright 0.1.1 does not work: {PIN}")


def test_a_playwright_nested_inside_appwright_counts_as_well(project: Path) -> None:
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/appwright/node_modules/playwright-core"] = {"version": "2.0.0"}
    write_json(project / "package-lock.json", lock)

    assert refusal(project) == (
        f"package-lock.json has playwright-core 2.0.0, with which Appwright 0.1.1 does not work: {PIN}"
    )


def test_two_versions_of_playwright_are_refused(project: Path) -> None:
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/appwright/node_modules/@playwright/test"] = {"version": "1.58.0"}
    write_json(project / "package-lock.json", lock)

    assert refusal(project) == (
        f"package-lock.json has 1.58.0 and 1.59.1 of @playwright/test, and exactly one is needed: {PIN}"
    )


def test_a_project_without_config_is_refused(project: Path) -> None:
    (project / "appwright.config.ts").rename(project / "playwright.config.ts")

    assert refusal(project) == "There is no appwright.config.ts: the folder to submit is the one that holds it."


def test_a_package_outside_of_the_project_is_refused(project: Path) -> None:
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/shared"] = {"version": "1.0.0", "resolved": "file:../shared"}
    write_json(project / "package-lock.json", lock)

    assert refusal(project) == "The project needs ../shared, which is outside of it: move it inside."


def test_a_package_of_the_project_that_is_not_there_is_refused(project: Path) -> None:
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/lost"] = {"version": "1.0.0", "resolved": "file:packages/lost"}
    write_json(project / "package-lock.json", lock)

    assert refusal(project) == ("The project needs packages/lost, which is not there: add it, or run `npm install`.")


def test_a_checkout_without_packages_is_told_to_install_them(project: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_installed(check_project(project))

    assert caught.value.message == (
        "node_modules has no appwright, and package-lock.json says 0.1.1: run `npm install` in the project's folder, "
        "and commit package-lock.json if that changes it."
    )


def test_a_checkout_with_packages_of_another_lockfile_is_told_to_install_them(project: Path) -> None:
    write_json(project / "node_modules" / "appwright" / "package.json", {"version": "0.1.0"})

    with pytest.raises(ConfigurationError, match=r"^node_modules has appwright 0\.1\.0, and package-lock.*0\.1\.1:"):
        check_installed(check_project(project))


@pytest.mark.anyio
async def test_a_bundle_becomes_a_project_that_can_run(tmp_path: Path, project: Path, processes: Processes) -> None:
    bundle = write_bundle(tmp_path / "bundle.zip", project)

    prepared = await prepare_project(bundle, tmp_path / "home", processes, say=lambda _: None)

    assert prepared.config.read_text() == "export default {};\n"
    assert prepared.playwright_cli.is_file()
    assert prepared.folder.parent == tmp_path / "home" / "projects"


@pytest.mark.anyio
async def test_two_bundles_with_one_lockfile_share_their_packages(
    tmp_path: Path, project: Path, processes: Processes
) -> None:
    first = write_bundle(tmp_path / "first.zip", project)
    (project / "login.spec.js").write_text("// another test")
    second = write_bundle(tmp_path / "second.zip", project)
    said: list[str] = []

    one, other = await asyncio.gather(
        *(prepare_project(bundle, tmp_path / "home", processes, say=said.append) for bundle in (first, second))
    )

    assert one.folder != other.folder
    assert one.playwright_cli.resolve() == other.playwright_cli.resolve()
    assert len([line for line in said if line.startswith("installing")]) == 1


@pytest.mark.anyio
async def test_a_changed_package_of_the_project_itself_is_installed_anew(
    tmp_path: Path, project: Path, processes: Processes
) -> None:
    first = write_bundle(tmp_path / "first.zip", project)
    (project / "packages" / "appwright" / "cli.js").write_text("// changed")
    second = write_bundle(tmp_path / "second.zip", project)

    await prepare_project(first, tmp_path / "home", processes, say=lambda _: None)
    prepared = await prepare_project(second, tmp_path / "home", processes, say=lambda _: None)

    assert (prepared.folder / "node_modules" / "appwright" / "cli.js").read_text() == "// changed"


@pytest.mark.anyio
async def test_a_failed_installation_leaves_nothing_behind(tmp_path: Path, project: Path, processes: Processes) -> None:
    wanted = json.loads((project / "package.json").read_text())
    write_json(project / "package.json", {**wanted, "dependencies": {"unlocked": "file:packages/appwright"}})
    bundle = write_bundle(tmp_path / "bundle.zip", project)

    with pytest.raises(ConfigurationError, match="npm ci failed"):
        await prepare_project(bundle, tmp_path / "home", processes, say=lambda _: None)

    assert [path for path in (tmp_path / "home" / "dependencies").iterdir() if path.is_dir()] == []


@pytest.mark.anyio
async def test_a_folder_that_cannot_be_written_is_trouble_of_the_host(
    tmp_path: Path, project: Path, processes: Processes
) -> None:
    bundle = write_bundle(tmp_path / "bundle.zip", project)
    (tmp_path / "home").write_text("a file where the agent's home should be")

    with pytest.raises(HostTrouble, match=r"^Could not make the project's files in .*: Not a directory\.$"):
        await prepare_project(bundle, tmp_path / "home", processes, say=lambda _: None)


def a_link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("tests/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


def a_path_outside(archive: zipfile.ZipFile) -> None:
    archive.writestr("../outside.txt", "")


def an_absolute_path(archive: zipfile.ZipFile) -> None:
    archive.writestr("/tmp/outside.txt", "")


def a_file_that_is_a_folder_too(archive: zipfile.ZipFile) -> None:
    archive.writestr("tests", "")
    archive.writestr("tests/a.spec.js", "")


def installed_packages(archive: zipfile.ZipFile) -> None:
    archive.writestr("node_modules/appwright/index.js", "")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("add", "message"),
    [
        (a_link, "'tests/link' is no plain file"),
        (a_path_outside, r"'\.\./outside\.txt' could land outside the project's folder"),
        (an_absolute_path, r"'/tmp/outside\.txt' could land outside the project's folder"),
        (a_file_that_is_a_folder_too, "has a file and a folder of the same name"),
        (installed_packages, "holds node_modules"),
    ],
)
async def test_a_bundle_that_holds_more_than_plain_files_is_refused(
    tmp_path: Path, processes: Processes, add: Callable[[zipfile.ZipFile], None], message: str
) -> None:
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("package.json", "{}")
        add(archive)

    with pytest.raises(ConfigurationError, match=message):
        await prepare_project(bundle, tmp_path / "home", processes, say=lambda _: None)

    assert [path for path in (tmp_path / "home" / "projects").iterdir() if path.is_dir()] == []


@pytest.mark.anyio
async def test_a_broken_bundle_is_refused(tmp_path: Path, project: Path, processes: Processes) -> None:
    bundle = write_bundle(tmp_path / "bundle.zip", project)
    bundle.write_bytes(bundle.read_bytes()[:-30])

    with pytest.raises(ConfigurationError, match=r"^The bundle cannot be unpacked \(File is not a zip file\)"):
        await prepare_project(bundle, tmp_path / "home", processes, say=lambda _: None)
