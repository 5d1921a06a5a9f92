import shutil
from pathlib import Path

import pytest

from qgjob.client import Client
from tests.cli.projects import git, make_project, write_files
from tests.cli.users import User

SHOP = Path(__file__).resolve().parents[2] / "examples/shop/builds"
V1, V2 = SHOP / "shop-1.0.0.apk", SHOP / "shop-2.0.0.apk"


@pytest.fixture
def project(user: User) -> Path:
    """Make a project whose config names an app that is there."""
    make_project(user.folder, {"tests/cart.spec.ts": "", ".gitignore": "*.log\n", "debug.log": "noise"})
    (user.folder / "builds").mkdir()
    shutil.copy(V1, user.folder / "builds/shop.apk")
    return user.folder


def submit(*arguments: str, version: str = "1.0.0") -> tuple[str, ...]:
    return ("submit", "--app-version-id", version, *(arguments or ("--test", "tests/login.spec.ts")))


@pytest.mark.usefixtures("project")
def test_a_submission_prints_the_lines_that_scripts_rely_on(user: User) -> None:
    answered = user.does(*submit())
    assert answered.code == 0
    (job_id,) = answered.job_ids()
    assert answered.stdout.splitlines()[:3] == ["Test: tests/login.spec.ts", f"Job ID: {job_id}", "Status: PENDING"]
    assert f"Follow it with: qgjob status --job-id {job_id} --watch" in answered.stderr


@pytest.mark.usefixtures("project")
def test_project_and_app_are_uploaded_once(user: User, client: Client) -> None:
    first, second = user.does(*submit()), user.does(*submit())
    assert "Uploading the project (5 files" in first.stderr
    assert "as app version 1.0.0" in first.stderr
    assert "The server has this project already" in second.stderr
    assert "Uploading" not in second.stderr
    (binary,) = client.apps.get(user.org, "1.0.0")["binaries"]
    assert (binary["package"], binary["version_name"]) == ("com.example.shop", "1.0.0")
    jobs = [client.jobs.get(answered.job_ids()[0]) for answered in (first, second)]
    assert jobs[0]["payload"]["bundle"] == jobs[1]["payload"]["bundle"]
    assert jobs[0]["payload"]["platform"] == "android"


def test_a_bundle_has_neither_the_app_nor_dependencies_nor_what_git_ignores(
    user: User, project: Path, client: Client, tmp_path: Path
) -> None:
    write_files(project, {"node_modules/appwright/index.js": ""})
    git(project, "init", "-q")
    (job_id,) = user.does(*submit()).job_ids()
    bundle = client.jobs.get(job_id)["payload"]["bundle"]
    assert bundle is not None
    client.bundles.download(user.org, bundle, to=tmp_path / "bundle.zip")
    shutil.unpack_archive(tmp_path / "bundle.zip", tmp_path / "unpacked")
    names = [path.relative_to(tmp_path / "unpacked") for path in (tmp_path / "unpacked").rglob("*") if path.is_file()]
    assert sorted(map(str, names)) == [
        ".gitignore",
        "appwright.config.ts",
        "package.json",
        "tests/cart.spec.ts",
        "tests/login.spec.ts",
    ]


@pytest.mark.usefixtures("project")
def test_several_tests_are_one_run(user: User, client: Client) -> None:
    answered = user.does(*submit("--test", "tests/*.spec.ts", "--test", "tests/login.spec.ts"))
    first, second = answered.job_ids()
    jobs = [client.jobs.get(job_id) for job_id in (first, second)]
    assert [job["payload"]["test_path"] for job in jobs] == ["tests/cart.spec.ts", "tests/login.spec.ts"]
    assert {job["run_id"] for job in jobs} == {answered.stdout.splitlines()[-1].removeprefix("Run ID: ")}
    assert answered.stdout.count("Status: PENDING") == 2


@pytest.mark.usefixtures("project")
def test_every_term_of_a_job_reaches_the_server(user: User, client: Client) -> None:
    answered = user.does(
        *submit(),
        *("--target", "device", "--priority", "5", "--max-retries", "0", "--run-timeout", "90", "--reset", "keep"),
        *("--appwright-project", "android", "--platform", "android", "--org-id", f"{user.org}-other"),
        *("--metadata", "branch=main", "--metadata", "url=a=b"),
        *("--test", "tests/login.spec.ts"),
    )  # fmt: skip
    (job_id,) = answered.job_ids()
    job = client.jobs.get(job_id)
    payload = job["payload"]
    assert (payload["org_id"], payload["target"], payload["priority"]) == (f"{user.org}-other", "device", "urgent")
    assert (payload["timeout_s"], payload["reset"], payload["project"]) == (90.0, "keep", "android")
    assert payload["metadata"] == {"branch": "main", "url": "a=b"}
    assert job["max_retries"] == 0


@pytest.mark.usefixtures("project")
def test_a_line_and_a_grep_reach_the_server_as_they_were_written(user: User, client: Client) -> None:
    answered = user.does(*submit("--test", "tests/login.spec.ts:3", "--grep=--foo $(it's) @smoke"))
    (job_id,) = answered.job_ids()
    payload = client.jobs.get(job_id)["payload"]
    assert (payload["test_path"], payload["grep"]) == ("tests/login.spec.ts:3", "--foo $(it's) @smoke")
    assert "Grep: --foo $(it's) @smoke" in user.does("status", "--job-id", job_id).stdout.splitlines()


@pytest.mark.usefixtures("project")
def test_every_term_of_its_device_reaches_the_server(user: User, client: Client) -> None:
    answered = user.does(
        *submit(),
        *("--os-version", ">=13,<15", "--model", "Pixel 8", "--tag", "lab", "--tag", "fast"),
        *("--on", "tag:new", "--only", "--test", "tests/login.spec.ts"),
    )
    payload = client.jobs.get(answered.job_ids()[0])["payload"]
    assert (payload["os_version"], payload["model"], payload["tags"]) == (">=13,<15", "Pixel 8", ["lab", "fast"])
    assert (payload["pin"], payload["only"]) == ("tag:new", True)
    shown = user.does("status", "--job-id", answered.job_ids()[0]).stdout.splitlines()
    assert "Target: emulator, android >=13,<15, Pixel 8, tag lab, tag fast" in shown
    assert "Only on: tag:new" in shown


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (("--os-version", ">=15,<13"), "no OS version is in '>=15,<13'"),
        (("--only",), "--only says nothing without --on"),
    ],
)
def test_a_device_that_cannot_be_is_refused_before_the_server_is_asked(
    user: User, flags: tuple[str, ...], complaint: str
) -> None:
    answered = user.does(*submit(), *flags, "--test", "tests/login.spec.ts", "--server-url", "http://127.0.0.1:9")
    assert answered.code == 2
    assert complaint in answered.stderr


@pytest.mark.usefixtures("project")
def test_why_nobody_can_run_it_is_said_on_stderr_and_it_waits(user: User, client: Client) -> None:
    answered = user.does(*submit(), "--test", "tests/login.spec.ts", "--target", "browserstack")
    assert answered.code == 0
    assert "Nobody can run this now: No worker has target browserstack" in answered.stderr
    assert "It waits until somebody can." in answered.stderr
    assert client.jobs.get(answered.job_ids()[0])["status"] == "pending"
    document = user.does(
        "-o", "json", *submit(), "--test", "tests/login.spec.ts", "--target", "browserstack"
    ).document()
    assert [each["reason"] for each in document["unserved"]] == ["target"]  # type: ignore[attr-defined]  # JSON


@pytest.mark.usefixtures("project")
def test_who_requires_a_worker_submits_nothing_without_one(user: User) -> None:
    answered = user.does(*submit(), "--test", "tests/login.spec.ts", "--target", "browserstack", "--require-worker")
    assert answered.code == 2
    assert answered.job_ids() == []
    assert "No worker has target browserstack" in answered.stderr
    assert "Nothing was submitted." in answered.stderr


@pytest.mark.usefixtures("project")
def test_json_is_one_document_alone(user: User) -> None:
    answered = user.does("-o", "json", *submit())
    document = answered.document()
    assert document["status"] == "pending"
    assert document["job_list"] == [
        {"job_id": document["job_ids"][0], "test_path": "tests/login.spec.ts", "status": "pending"}  # type: ignore[index]  # JSON
    ]


@pytest.mark.usefixtures("project")
def test_quiet_is_quiet(user: User) -> None:
    assert user.does("--quiet", *submit()).stderr == ""


@pytest.mark.usefixtures("project")
def test_the_same_version_with_another_app_is_refused(user: User) -> None:
    assert user.does(*submit()).code == 0
    answered = user.does(*submit(), "--app", str(V2))
    assert (answered.code, answered.stdout) == (2, "")
    assert "1.0.0" in answered.stderr


@pytest.mark.usefixtures("project")
def test_an_app_that_is_named_is_uploaded(user: User, client: Client) -> None:
    assert user.does(*submit(version="2.0.0"), "--app", str(V2)).code == 0
    (binary,) = client.apps.get(user.org, "2.0.0")["binaries"]
    assert binary["version_name"] == "2.0.0"
    again = user.does(*submit(version="2.0.0"), "--app", str(V2))
    assert (again.code, "Uploading" in again.stderr) == (0, False)


@pytest.mark.usefixtures("project")
def test_a_known_version_is_tested_and_a_rebuilt_app_is_pointed_out(user: User) -> None:
    assert user.does("app", "upload", str(V2), "--app-version-id", "2.0.0").code == 0
    answered = user.does(*submit(version="2.0.0"))
    assert answered.code == 0
    assert "Testing the app uploaded as 2.0.0; " in answered.stderr


def test_an_app_that_was_never_uploaded_and_is_not_there_is_refused(user: User, project: Path) -> None:
    (project / "builds/shop.apk").unlink()
    answered = user.does(*submit())
    assert (answered.code, answered.stdout) == (2, "")
    assert answered.stderr == (
        f"Error: app version 1.0.0 of {user.org} was never uploaded, and the buildPath builds/shop.apk of "
        "appwright.config.ts is no file; name the app with --app FILE\n"
    )


def test_an_app_that_is_none_is_refused(user: User, project: Path) -> None:
    (project / "builds/shop.apk").write_text("no app")
    answered = user.does(*submit())
    assert (answered.code, answered.stdout) == (2, "")
    assert answered.stderr.count("\n") <= 3


@pytest.mark.usefixtures("project")
def test_an_app_for_another_platform_is_refused_before_it_is_sent(user: User) -> None:
    answered = user.does(*submit(), "--platform", "ios", "--app", str(V1))
    assert answered.code == 2
    assert "is an app for android, and --platform asks for ios" in answered.stderr


def test_a_subfolder_of_the_project_will_do(user: User, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "tests")
    assert user.does(*submit("--test", "login.spec.ts")).code == 0


def test_a_project_may_be_named(user: User, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert user.does(*submit(), "--project-dir", str(project)).code == 0


def test_outside_a_project_jobs_go_to_workers_that_have_it(user: User, client: Client) -> None:
    write_files(user.folder, {"tests/old.spec.js": ""})
    answered = user.does(*submit("--test", "tests/old.spec.js"))
    (job_id,) = answered.job_ids()
    payload = client.jobs.get(job_id)["payload"]
    assert (payload["test_path"], payload["bundle"], payload["platform"]) == ("tests/old.spec.js", None, None)
    assert "No Appwright project here" in answered.stderr


@pytest.mark.usefixtures("project")
def test_a_project_may_stay_where_it_is(user: User, client: Client) -> None:
    (job_id,) = user.does(*submit(), "--no-bundle").job_ids()
    assert client.jobs.get(job_id)["payload"]["bundle"] is None


@pytest.mark.usefixtures("project")
def test_without_an_org_nothing_is_submitted(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QGJOB_ORG")
    answered = user.does(*submit())
    assert answered.code == 2
    assert "which org? Say --org-id ORG, or set QGJOB_ORG." in answered.stderr
