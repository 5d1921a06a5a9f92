"""Runs the command line as its users do: as a program of its own, or quicker through Click's own runner."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from qgjob.cli.main import cli

TIMEOUT_S = 30


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How a command ended and what it said."""

    code: int
    stdout: str
    stderr: str

    def document(self) -> dict[str, object]:
        """The JSON document that stdout must be."""
        parsed: object = json.loads(self.stdout)
        assert isinstance(parsed, dict)
        return parsed

    def job_ids(self) -> list[str]:
        """The ids in lines such as scripts look for."""
        return re.findall(r"^Job ID: ([0-9a-f-]{36})$", self.stdout, re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody in a folder, in front of a server, with an org."""

    folder: Path
    server_url: str
    org: str

    @classmethod
    def at(cls, folder: Path, *, server_url: str, org: str, patch: pytest.MonkeyPatch) -> Self:
        folder.mkdir()
        patch.chdir(folder)
        patch.setenv("QGJOB_SERVER_URL", server_url)
        patch.setenv("QGJOB_ORG", org)
        return cls(folder=folder, server_url=server_url, org=org)

    def does(self, *arguments: str) -> Answered:
        """Run one command in this process."""
        result = CliRunner().invoke(cli, arguments, prog_name="qgjob")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answered(code=result.exit_code, stdout=result.stdout, stderr=result.stderr)


def environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Build an environment that has nothing of this machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), **variables}


def qgjob(*arguments: str, cwd: Path, **variables: str) -> Answered:
    """Run one command to its end, as a program of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "qgjob", *arguments],
        cwd=cwd,
        env=environment(cwd, variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Answered(code=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)
