"""The generated config, evaluated by real Node over configs such as people write."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qgjob.agent.runner import FailureReason, RunFailed
from qgjob.agent.runner.config import Overlay, event_reporter, evidence_reporters, write_config
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.runner.reader import EventReader
from qgjob.core.words import Platform
from tests.agent.runner.node import run_node

USUAL = """{
    testDir: "./tests",
    globalSetup: "/project/node_modules/appwright/dist/global-setup.js",
    fullyParallel: true, workers: 2, timeout: 0,
    retries: process.env.CI ? 2 : 0,
    reporter: [["html", {open: "always"}]],
    use: {expectTimeout: 20000},
    projects: [
        {name: "ios", use: {platform: "ios", device: {provider: "emulator"}, buildPath: "app.app"}},
        {name: "android", use: {
            platform: "android", device: {provider: "local-device", udid: "abc"}, buildPath: "app.apk",
            expectTimeout: 10000,
        }},
    ],
}"""
"""What Appwright's own defineConfig makes of a short config."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    folder = tmp_path / "work"
    folder.mkdir()
    return RunFiles(folder=folder)


def overlay(project: Path, name: str = "appwright.config.mjs") -> Overlay:
    return Overlay(
        user_config=project / name,
        root=project,
        project="android",
        platform=Platform.ANDROID,
        build_path=Path("/apps/1f.apk"),
        device_name="Virtual Android A",
        case_timeout_s=300,
    )


def evaluated(laid: Overlay, files: RunFiles, config: str, *, ci: str | None = None) -> dict[str, Any]:
    """What Playwright would be given."""
    if laid.user_config.suffix == ".mjs":
        laid.user_config.write_text(f"export default {config};")
    else:
        laid.user_config.write_text(f"module.exports = {config};")
    write_config(laid, files, [*evidence_reporters(files), event_reporter(laid, files)])
    source = f"""
        import config from {json.dumps(files.config.as_uri())};
        console.log(JSON.stringify({{...config, ci: process.env.CI}}));
    """
    made: dict[str, Any] = json.loads(
        run_node(files.folder, source, name="show.mjs", env={} if ci is None else {"CI": ci})
    )
    return made


def test_a_usual_config_becomes_one_of_a_run(project: Path, files: RunFiles) -> None:
    made = evaluated(overlay(project), files, USUAL)
    assert made["testDir"] == str(project / "tests")
    assert made["outputDir"] == str(files.results)
    assert (made["workers"], made["fullyParallel"], made["retries"], made["maxFailures"]) == (1, False, 0, 0)
    assert made["timeout"] == 300_000
    assert "globalSetup" not in made
    assert [reporter[0] for reporter in made["reporter"][:3]] == ["list", "json", "blob"]
    assert made["reporter"][3][1] == {"file": str(files.events), "root": str(project)}


def test_only_the_wanted_project_is_left_and_it_is_for_the_leased_device(project: Path, files: RunFiles) -> None:
    (only,) = evaluated(overlay(project), files, USUAL)["projects"]
    assert only["name"] == "android"
    assert only["use"] == {
        "platform": "android",
        "device": {"provider": "emulator", "udid": "abc", "name": "Virtual Android A"},
        "buildPath": "/apps/1f.apk",
        "expectTimeout": 10_000,
        "trace": "retain-on-failure",
        "screenshot": "only-on-failure",
    }


def test_without_a_name_it_is_the_first_project_of_the_platform(project: Path, files: RunFiles) -> None:
    laid = replace(overlay(project), project=None)
    assert [each["name"] for each in evaluated(laid, files, USUAL)["projects"]] == ["android"]


@pytest.mark.parametrize("platform", ["use: {platform: 'android'},", ""])
def test_without_a_name_it_is_not_the_one_that_sets_up_for_others(
    project: Path, files: RunFiles, platform: str
) -> None:
    config = """{projects: [
        {name: "setup", teardown: "cleanup"}, {name: "cleanup"}, {name: "ios", use: {platform: "ios"}},
        {name: "tests", %s dependencies: ["setup"]},
    ]}"""
    made = evaluated(replace(overlay(project), project=None), files, config % platform)
    assert [each["name"] for each in made["projects"]] == ["tests", "setup", "cleanup"]


def test_without_an_app_of_ours_the_projects_own_stays(project: Path, files: RunFiles) -> None:
    laid = replace(overlay(project), build_path=None, device_name=None)
    use = evaluated(laid, files, USUAL)["projects"][0]["use"]
    assert (use["buildPath"], use["device"]) == ("app.apk", {"provider": "emulator", "udid": "abc"})


def test_a_project_that_is_not_there_is_told_with_those_that_are(project: Path, files: RunFiles) -> None:
    laid = replace(overlay(project), project="pixel")
    with pytest.raises(AssertionError, match="has no project"):
        evaluated(laid, files, USUAL)
    (line,) = files.events.read_bytes().splitlines()
    event = EventReader().read(line)
    assert isinstance(event, RunFailed)
    assert event.reason is FailureReason.CONFIGURATION
    assert event.message == 'appwright.config.mjs has no project "pixel"; it has: ios, android.'


@pytest.mark.parametrize("config", ["{}", "{projects: []}"])
def test_a_config_without_projects_is_told_as_such(project: Path, files: RunFiles, config: str) -> None:
    with pytest.raises(AssertionError, match="has no project"):
        evaluated(replace(overlay(project), project=None), files, config)
    assert b"has no project for the platform android; it has no projects." in files.events.read_bytes()


@pytest.mark.parametrize(
    ("config", "message"),
    [("42", b"exports no configuration object"), ("(() => { throw new Error('out of luck') })()", b"out of luck")],
)
def test_a_config_that_fails_is_heard_of(project: Path, files: RunFiles, config: str, message: bytes) -> None:
    with pytest.raises(AssertionError):
        evaluated(overlay(project), files, config)
    assert message in files.events.read_bytes()


def test_the_users_own_retries_and_timeout_are_told_as_a_ci_would_see_them(project: Path, files: RunFiles) -> None:
    made = evaluated(overlay(project), files, USUAL)
    assert made["metadata"]["qgjob"] == {"retries": 2, "timeout_ms": 0, "build_path": str(project / "app.apk")}
    assert "ci" not in made


def test_an_environment_with_ci_keeps_it(project: Path, files: RunFiles) -> None:
    assert evaluated(overlay(project), files, USUAL, ci="yes")["ci"] == "yes"


def android(fields: str, *, top: str = "") -> str:
    return f'{{{top} projects: [{{name: "android", {fields}}}]}}'


def test_a_projects_own_word_goes_before_the_configs(project: Path, files: RunFiles) -> None:
    made = evaluated(overlay(project), files, android("retries: 1, timeout: 5000", top="retries: 3, timeout: 9000,"))
    assert made["metadata"]["qgjob"] == {"retries": 1, "timeout_ms": 5000, "build_path": None}
    assert "retries" not in made["projects"][0]
    assert (made["timeout"], made["projects"][0]["timeout"]) == (9000, 5000)


@pytest.mark.parametrize(("own", "made"), [("0", 300_000), ("600_000", 300_000), ("1000", 1000)])
def test_a_timeout_of_the_users_stays_where_it_is_the_shorter(
    project: Path, files: RunFiles, own: str, made: int
) -> None:
    assert evaluated(overlay(project), files, android(f"timeout: {own}"))["projects"][0]["timeout"] == made


@pytest.mark.parametrize(
    ("own", "made"),
    [
        ('trace: "on"', "on"),
        ('trace: "off"', "off"),
        ('trace: "on-first-retry"', "retain-on-failure"),
        ('trace: {mode: "on-all-retries"}', "retain-on-failure"),
        ('trace: {mode: "on", sources: false}', {"mode": "on", "sources": False}),
    ],
)
def test_a_trace_is_kept_of_failures_unless_the_user_says_otherwise(
    project: Path, files: RunFiles, own: str, made: object
) -> None:
    assert evaluated(overlay(project), files, android(f"use: {{{own}}}"))["projects"][0]["use"]["trace"] == made


def test_a_global_setup_of_the_users_own_stays(project: Path, files: RunFiles) -> None:
    (project / "setup.js").write_text("")
    config = android("", top='globalSetup: "./setup", globalTeardown: "some-package",')
    (project / "setup").write_text("")
    made = evaluated(overlay(project), files, config)
    assert (made["globalSetup"], made["globalTeardown"]) == ([str(project / "setup")], "some-package")


def test_of_several_global_setups_only_appwrights_goes(project: Path, files: RunFiles) -> None:
    (project / "mine.js").write_text("")
    own = '"/x/node_modules/appwright/dist/global-setup.js"'
    made = evaluated(overlay(project), files, android("", top=f'globalSetup: [{own}, "mine.js"],'))
    assert made["globalSetup"] == [str(project / "mine.js")]


def test_projects_that_the_wanted_one_needs_stay_with_it(project: Path, files: RunFiles) -> None:
    config = """{projects: [
        {name: "other"}, {name: "cleanup"}, {name: "seed", teardown: "cleanup"},
        {name: "setup", dependencies: ["seed"]}, {name: "android", dependencies: ["setup"], testDir: "e2e"},
    ]}"""
    made = evaluated(overlay(project), files, config)
    assert [each["name"] for each in made["projects"]] == ["android", "setup", "seed", "cleanup"]
    assert made["projects"][0]["testDir"] == str(project / "e2e")


def test_for_a_list_of_the_wanted_project_alone_they_go(project: Path, files: RunFiles) -> None:
    config = """{projects: [
        {name: "setup"}, {name: "tidy"}, {name: "android", dependencies: ["setup"], teardown: "tidy"},
    ]}"""
    (only,) = evaluated(replace(overlay(project), alone=True), files, config)["projects"]
    assert (only["name"], only["dependencies"]) == ("android", [])
    assert "teardown" not in only


def test_settings_that_would_let_one_job_stop_another_are_off(project: Path, files: RunFiles) -> None:
    made = evaluated(
        overlay(project), files, android("", top="maxFailures: 1, globalTimeout: 5, shard: {current: 1, total: 2},")
    )
    assert (made["maxFailures"], made["globalTimeout"], made["shard"]) == (0, 0, None)


def test_what_we_do_not_speak_of_is_left_alone(project: Path, files: RunFiles) -> None:
    made = evaluated(
        overlay(project), files, android("metadata: {a: 1}", top='testMatch: "**/*.e2e.js", metadata: {b: 2},')
    )
    assert made["testMatch"] == "**/*.e2e.js"
    assert made["metadata"]["b"] == 2
    assert made["projects"][0]["metadata"] == {"a": 1}


@pytest.mark.parametrize(
    ("name", "manifest", "source"),
    [
        ("appwright.config.cjs", None, f"module.exports = {USUAL};"),
        ("appwright.config.cjs", None, f"exports.default = {USUAL};"),
        ("appwright.config.js", '{"name": "x"}', f"module.exports = {USUAL};"),
        ("appwright.config.js", '{"type": "module"}', f"export default {USUAL};"),
        ("appwright.config.mjs", '{"name": "x"}', f"export default {USUAL};"),
    ],
)
def test_a_config_may_be_a_module_of_either_kind(
    project: Path, files: RunFiles, name: str, manifest: str | None, source: str
) -> None:
    if manifest is not None:
        (project / "package.json").write_text(manifest)
    laid = overlay(project, name)
    laid.user_config.write_text(source)
    write_config(laid, files, [])
    shown = run_node(
        files.folder,
        f"import config from {json.dumps(files.config.as_uri())}; console.log(config.projects[0].name);",
        name="show.mjs",
    )
    assert shown == "android\n"
