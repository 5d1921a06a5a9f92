"""`qgjob run` from the command line to a real server: what it sends, and what it sends once only."""

import json
from pathlib import Path

import pytest

from qgjob.client import Client
from tests.cli.listed import CART_SPEC, LOGIN_SPEC, make_listed_project
from tests.cli.test_submit import V2
from tests.cli.users import Answered, User

NO_WAIT = ("run", "--no-wait")


@pytest.fixture
def project(user: User) -> Path:
    return make_listed_project(user.folder)


def run_id(answered: Answered) -> str:
    assert answered.code == 0, answered.stderr
    return answered.stdout.splitlines()[-1].removeprefix("Run ID: ")


@pytest.mark.usefixtures("project")
def test_all_that_the_config_finds_becomes_one_run_of_one_job_per_file(user: User, client: Client) -> None:
    answered = user.does(*NO_WAIT)
    jobs = client.jobs.page(run_id=run_id(answered))["jobs"]
    assert [job["payload"]["test_path"] for job in jobs] == [CART_SPEC, LOGIN_SPEC]
    assert {job["payload"]["platform"] for job in jobs} == {"android"}
    assert answered.job_ids() == [job["job_id"] for job in jobs]
    assert f"Wait for it with: qgjob wait {run_id(answered)}" in answered.stderr


@pytest.mark.usefixtures("project")
def test_the_app_version_is_named_by_the_apps_own_bytes(user: User, client: Client) -> None:
    job = client.jobs.page(run_id=run_id(user.does(*NO_WAIT)))["jobs"][0]
    version = job["payload"]["app_version_id"]
    (binary,) = client.apps.get(user.org, version)["binaries"]
    assert version == f"sha256-{binary['sha256'][:16]}"


def test_the_version_comes_from_the_flag_else_the_environment_else_the_config_file(
    user: User, project: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = project.parent / "config.toml"
    config.write_text('app_version_id = "from-file"\n', encoding="utf-8")
    monkeypatch.setenv("QGJOB_CONFIG", str(config))

    def version(*arguments: str) -> str:
        return client.jobs.page(run_id=run_id(user.does(*NO_WAIT, *arguments)))["jobs"][0]["payload"]["app_version_id"]

    assert version() == "from-file"
    monkeypatch.setenv("QGJOB_APP_VERSION", "from-environment")
    assert version() == "from-environment"
    assert version("--app-version-id", "from-flag") == "from-flag"


@pytest.mark.usefixtures("project")
def test_nothing_is_uploaded_that_the_server_has(user: User) -> None:
    first, second = user.does(*NO_WAIT), user.does(*NO_WAIT)
    assert "Uploading the project" in first.stderr
    assert "as app version sha256-" in first.stderr
    assert "Uploading" not in second.stderr
    assert run_id(first) != run_id(second)
    other = user.does(*NO_WAIT, "--app", str(V2))
    assert other.stderr.count("Uploading") == 1


def test_a_project_without_any_app_is_exit_2_and_says_what_to_do(user: User, project: Path) -> None:
    (project / "builds/shop.apk").unlink()
    answered = user.does(*NO_WAIT)
    assert answered.code == 2
    assert "which app? the buildPath builds/shop.apk of appwright.config.mjs is no file." in answered.stderr
    assert "--app FILE" in answered.stderr
    assert "--app-version-id VERSION" in answered.stderr


def test_an_app_that_only_running_the_config_names_is_found(user: User, project: Path, client: Client) -> None:
    config = (project / "appwright.config.mjs").read_text(encoding="utf-8")
    computed = config.replace('"builds/shop.apk"', '["builds", "shop.apk"].join("/")')
    (project / "appwright.config.mjs").write_text(computed, encoding="utf-8")
    answered = user.does(*NO_WAIT)
    assert "as app version sha256-" in answered.stderr
    bundle = client.jobs.page(run_id=run_id(answered))["jobs"][0]["payload"]["bundle"]
    shown = client.bundles.find(user.org, str(bundle))
    assert shown is not None
    assert shown["files"] == 5  # both specs, the config, package.json and its lock: not the app


@pytest.mark.usefixtures("project")
def test_no_test_is_exit_8_and_nothing_is_sent(user: User, client: Client) -> None:
    answered = user.does(*NO_WAIT, "--grep", "no such test")
    assert answered.code == 8
    assert "there is no test to run, so nothing was uploaded or submitted" in answered.stderr
    assert "Uploading" not in answered.stderr
    assert client.jobs.runs(org_id=user.org)["runs"] == []


def test_a_syntax_error_is_exit_2_with_playwrights_words(user: User, project: Path) -> None:
    (project / LOGIN_SPEC).write_text("syntax error", encoding="utf-8")
    answered = user.does(*NO_WAIT)
    assert answered.code == 2
    assert "SyntaxError: Unexpected token (tests/login.spec.js:1)" in answered.stderr


@pytest.mark.usefixtures("project")
def test_what_the_user_writes_wrong_is_found_before_anything_runs(user: User) -> None:
    for flags, complaint in (
        (("--only",), "--only says nothing without --on"),
        (("--report", "junit=junit.xml"), "--report needs the end of the run"),
        (("--matrix", "os=14"), "'os=14' is no term of a device"),
        (("--target", "device", "--matrix", "target=device"), "asked for twice"),
        (("--receipt", "package.json/receipt.json"), "no file can be written there"),
        (("--deadline", "soon"), "is neither a length of time"),
        (("gone.spec.js",), "test file not found"),
    ):
        answered = user.does(*NO_WAIT, *flags)
        assert (answered.code, complaint in answered.stderr) == (2, True), answered.stderr


def test_outside_a_project_it_is_exit_2(user: User) -> None:
    answered = user.does(*NO_WAIT)
    assert answered.code == 2
    assert "there is no Appwright project at" in answered.stderr


def test_more_jobs_than_a_run_holds_are_refused_with_what_to_do(user: User, project: Path) -> None:
    tests = "".join(f'test("case {number}", async () => {{}});\n' for number in range(5001))
    (project / LOGIN_SPEC).write_text(tests, encoding="utf-8")
    both = ("--target", "emulator", "--target", "device")
    answered = user.does(*NO_WAIT, LOGIN_SPEC, "--shard-by", "case", *both)
    assert answered.code == 2
    assert "that is 10,002 jobs (5,001 test paths on each of 2 kinds of device)" in answered.stderr
    assert "name fewer paths or devices, or make one job of each file" in answered.stderr
    assert "Uploading" not in answered.stderr


@pytest.mark.usefixtures("project")
def test_every_set_of_a_matrix_has_the_tests_once(user: User, client: Client) -> None:
    matrix = ("--target", "emulator", "--matrix", "target=device,os_version=>=13,<15,model=Pixel 8,tag=lab")
    found = run_id(user.does(*NO_WAIT, *matrix, "--device-tag", "rack-1"))
    payloads = [job["payload"] for job in client.jobs.page(run_id=found)["jobs"]]
    assert [(each["target"], each["test_path"]) for each in payloads] == [
        ("emulator", CART_SPEC),
        ("emulator", LOGIN_SPEC),
        ("device", CART_SPEC),
        ("device", LOGIN_SPEC),
    ]
    assert (payloads[3]["os_version"], payloads[3]["model"]) == (">=13,<15", "Pixel 8")
    assert (payloads[0]["tags"], payloads[3]["tags"]) == (["rack-1"], ["rack-1", "lab"])


@pytest.mark.usefixtures("project")
def test_the_same_attempt_of_a_ci_finds_its_run_again_and_another_body_is_another_run(
    user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QGJOB_ATTEMPT", f"{user.org}-1")
    first = run_id(user.does(*NO_WAIT))
    assert run_id(user.does(*NO_WAIT)) == first
    assert run_id(user.does(*NO_WAIT, "--retries", "1")) != first
    monkeypatch.setenv("QGJOB_ATTEMPT", f"{user.org}-2")
    assert run_id(user.does(*NO_WAIT)) != first
    assert len(client.jobs.runs(org_id=user.org)["runs"]) == 3


@pytest.mark.usefixtures("project")
def test_where_it_came_from_is_kept_with_the_jobs(user: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "x'; rm -rf /\x1b[31m"
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_RUN_ID": "77",
        "GITHUB_REF_NAME": hostile,
        "GITHUB_SHA": "c0ffee",
    }.items():
        monkeypatch.setenv(name, value)
    found = run_id(user.does(*NO_WAIT, "--metadata", "commit=mine"))
    assert client.jobs.page(run_id=found)["jobs"][0]["payload"]["metadata"] == {
        "ci": "github",
        "ci_url": "https://github.com/acme/shop/actions/runs/77",
        "branch": hostile,
        "commit": "mine",
    }


@pytest.mark.usefixtures("project")
def test_a_receipt_is_there_as_soon_as_the_run_is_accepted_and_is_no_part_of_the_project(
    user: User, client: Client
) -> None:
    first = user.does(*NO_WAIT, "--receipt", "receipt.json")
    receipt = json.loads(Path("receipt.json").read_text(encoding="utf-8"))
    assert receipt == {
        "run_id": run_id(first),
        "org_id": user.org,
        "server_url": user.server_url,
        "report_url": f"{user.server_url}/runs/{run_id(first)}",
        "status": "running",
        "exit_code": None,
        "message": None,
    }
    second = user.does(*NO_WAIT, "--receipt", "receipt.json")
    assert "Uploading" not in second.stderr
    assert len(client.jobs.runs(org_id=user.org)["runs"]) == 2


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("flags", "code", "status"),
    [
        (("--grep", "no such test"), 8, "no_tests"),
        (("gone.spec.js",), 2, "configuration_error"),
        (("--require-worker",), 2, "configuration_error"),
        (("--server-url", "http://127.0.0.1:9"), 7, "unreachable"),
        (("--only",), 2, "configuration_error"),
    ],
)
def test_a_refusal_is_in_the_receipt_too(user: User, flags: tuple[str, ...], code: int, status: str) -> None:
    answered = user.does(*NO_WAIT, "--receipt", "receipt.json", *flags)
    receipt = json.loads(Path("receipt.json").read_text(encoding="utf-8"))
    assert answered.code == code
    assert (receipt["status"], receipt["exit_code"], receipt["run_id"]) == (status, code, None)
    assert receipt["message"]
    assert receipt["report_url"] is None


@pytest.mark.usefixtures("project")
def test_without_waiting_a_program_gets_the_ids_as_one_document(user: User) -> None:
    document = user.does("-o", "json", *NO_WAIT).document()
    assert document["status"] == "pending"
    assert len(document["job_ids"]) == 2  # type: ignore[arg-type]  # a list of ids
