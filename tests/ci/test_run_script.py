"""What becomes of the action's inputs: each is one argument of `qgjob run`, whatever is in it."""

import subprocess
from pathlib import Path

import pytest

from tests.ci.action import ROOT, github_environment

PRINTS = '#!/usr/bin/env bash\nprintf "%s\\0" "$@" >"$RUNNER_TEMP/arguments"\nenv -0 >"$RUNNER_TEMP/environment"\n'
NOTHING_SAID = ["-I", "-m", "qgjob", "run", "--on-signal=cancel", "--receipt=/tmp/receipt.json"]


def ran(temp: Path, *, ref: str = "refs/heads/main", **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script with a program in the place of Python that writes down what it was given."""
    python = temp / "qgjob-venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PRINTS, encoding="utf-8")
    python.chmod(0o755)
    given = {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    environment = {
        **github_environment(GITHUB_REF=ref),
        "RUNNER_TEMP": str(temp),
        "RECEIPT": "/tmp/receipt.json",
        **given,
    }
    return subprocess.run(
        ["bash", ROOT / "ci" / "github" / "run.sh"],
        cwd=temp, env=environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def arguments(temp: Path, *, ref: str = "refs/heads/main", **inputs: str) -> list[str]:
    done = ran(temp, ref=ref, **inputs)
    assert done.returncode == 0, done.stderr
    return (temp / "arguments").read_text(encoding="utf-8").split("\0")[:-1]


def variable(temp: Path, name: str) -> str:
    listed = (temp / "environment").read_bytes().decode().split("\0")
    return next(value for key, _, value in (entry.partition("=") for entry in listed) if key == name)


def test_nothing_said_is_nothing_asked(tmp_path: Path) -> None:
    assert arguments(tmp_path) == [*NOTHING_SAID, "--"]


def test_every_input_has_its_option(tmp_path: Path) -> None:
    said = arguments(
        tmp_path,
        org_id="acme",
        app="app.apk",
        app_version_id="1.0",
        project_dir="apps/shop",
        project="android",
        target="emulator\ndevice",
        matrix="os_version=>=13,<15",
        grep="adds|removes",
        tag="@smoke",
        shard_by="case",
        priority="high",
        retries="1",
        deadline="20m",
        timeout="600",
        supersede="main",
        report="junit=a.xml\nhtml=b",
        fail_on_flaky="true",
        infra_as_failure="false",
        paths="tests/a.spec.ts\n  tests/b c.spec.ts  \n\n# no comment",
    )

    assert said == [
        *NOTHING_SAID,
        "--org-id=acme",
        "--app=app.apk",
        "--app-version-id=1.0",
        "--project-dir=apps/shop",
        "--project=android",
        "--target=emulator",
        "--target=device",
        "--matrix=os_version=>=13,<15",
        "--grep=adds|removes",
        "--tag=@smoke",
        "--shard-by=case",
        "--priority=high",
        "--retries=1",
        "--deadline=20m",
        "--timeout=600",
        "--supersede=main",
        "--report=junit=a.xml",
        "--report=html=b",
        "--fail-on-flaky",
        "--",
        "tests/a.spec.ts",
        "tests/b c.spec.ts",
        "# no comment",
    ]


@pytest.mark.parametrize(
    "text", ["$(touch x)", "`touch x`", "a; touch x", "--receipt=x", "-o json", "*", "~", "'\"\\", "${{ secrets.A }}"]
)
def test_text_is_one_argument_and_nothing_of_it_runs(tmp_path: Path, text: str) -> None:
    said = arguments(tmp_path, grep=text, paths=text)

    assert said == [*NOTHING_SAID, f"--grep={text}", "--", text]
    assert not (tmp_path / "x").exists()


def test_a_flag_that_is_neither_is_refused(tmp_path: Path) -> None:
    done = ran(tmp_path, fail_on_flaky="yes; touch x")

    assert (done.returncode, done.stdout) == (
        2,
        "::error title=qgjob%3A an input is wrong::The input fail-on-flaky is neither true nor false.\n",
    )
    assert not (tmp_path / "x").exists()


def test_a_use_of_the_action_has_an_attempt_and_a_key_of_its_own(tmp_path: Path) -> None:
    uses: list[dict[str, str]] = [{}, {"leg": '{\n  "os": "13"\n}'}, {"step": "ios"}, {"name": "ios"}]
    attempts: set[str] = set()
    keys: set[str] = set()
    for number, use in enumerate(uses):
        temp = tmp_path / str(number)
        keys.add(arguments(temp, supersede="ref", **use)[len(NOTHING_SAID)])
        attempts.add(variable(temp, "QGJOB_ATTEMPT"))

    assert len(attempts) == len(keys) == 4
    assert all(key.startswith("--supersede=acme/shop CI e2e refs/heads/main ") for key in keys)


@pytest.mark.parametrize("branch", ["x" * 400, "ä" * 100, "a\u202eb"])
def test_a_branch_of_any_name_makes_a_key_that_the_farm_takes(tmp_path: Path, branch: str) -> None:
    key = arguments(tmp_path, ref=branch, supersede="ref")[len(NOTHING_SAID)].removeprefix("--supersede=")

    assert len(key) <= 200
    assert key.isascii()


def test_commands_of_the_runner_are_stopped_before_anything_runs(tmp_path: Path) -> None:
    done = ran(tmp_path)

    assert done.stdout == done.stderr
    assert done.stdout.startswith("::stop-commands::")
    assert len(done.stdout.strip().removeprefix("::stop-commands::")) == 32
