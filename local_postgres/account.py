"""As whom the server runs: PostgreSQL refuses to run as root, so root starts it as `nobody`."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from local_postgres.installation import Installation

_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user and group that a program gets; None for those of whoever starts it."""

    user: int | None = None
    group: int | None = None

    def run(self, argv: list[str], *, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end in this folder."""
        return subprocess.run(
            argv,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def start(self, argv: list[str], *, folder: Path, log: Path) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own: a terminal's Ctrl-C must not end it before its starter says so."""
        with log.open("ab") as output:
            return subprocess.Popen(
                argv,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
            )

    def own(self, folder: Path) -> None:
        """Give a folder to the account."""
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)


def account() -> Account:
    """Whoever asks, except for root."""
    if os.geteuid() != 0:
        return Account()
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def reachable(installation: Installation, account: Account, *, folder: Path) -> Installation:
    """The installation itself where the account may run it, else a copy of it in `folder`, as of a venv in /root."""
    try:
        account.run([str(installation.programs / "postgres"), "--version"], folder=folder)
    except PermissionError:
        home = folder / installation.home.name
        shutil.copytree(installation.home, home, symlinks=True)
        # The wheel's libraries lie beside its package.
        libraries = installation.home.with_name(f"{installation.home.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        return replace(installation, programs=home / installation.programs.relative_to(installation.home), home=home)
    return installation
