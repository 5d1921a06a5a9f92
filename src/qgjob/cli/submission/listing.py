"""Lists the files of a project that are its own: without dependencies, git's folder and what git ignores.

Where git and a repository are there, git itself answers; elsewhere the .gitignore files are read as git would.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathspec import GitIgnoreSpec

NEVER = frozenset({"node_modules", ".git"})
"""Left out wherever they stand: one is installed from the lockfile, the other is history."""
GIT_TIMEOUT_S = 60
_GIT_LIST = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")


def list_files(root: Path) -> list[str]:
    """List files and symbolic links below `root`: sorted names relative to it, with forward slashes."""
    names = _asked_of_git(root)
    if names is None or "package.json" not in names:
        names = _walked(root)  # no git, no repository, or one that ignores the whole project
    return sorted(name for name in names if NEVER.isdisjoint(name.split("/")))


def _asked_of_git(root: Path) -> list[str] | None:
    """Ask git; None when it cannot say. Repositories inside (submodules, checkouts) are asked in their turn."""
    try:
        answer = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "-C", root, *_GIT_LIST],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=GIT_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    names: list[str] = []
    for name in os.fsdecode(answer.stdout).split("\0"):
        path = root / name
        if path.is_symlink() or path.is_file():
            names.append(name)
        elif name and path.is_dir() and NEVER.isdisjoint(Path(name).parts):
            folder = name.rstrip("/")
            names += [f"{folder}/{inner}" for inner in _asked_of_git(path) or _walked(path)]
    return names


@dataclass(frozen=True, kw_only=True)
class _Ignore:
    """One .gitignore file: the folder that its patterns are relative to ("" = the root), and the patterns."""

    folder: str
    spec: GitIgnoreSpec

    def says(self, name: str) -> bool | None:
        """Whether it ignores (True) or keeps (False) this name; None: it says nothing about it."""
        return self.spec.check_file(name.removeprefix(self.folder)).include


def _walked(root: Path) -> list[str]:
    return list(_walk(root, "", ()))


def _walk(root: Path, folder: str, ignores: tuple[_Ignore, ...]) -> Iterator[str]:
    """Yield names below a folder ("" or ending in a slash), never entering one that is ignored."""
    ignores = (*_ignore_file(root, folder), *ignores)
    with os.scandir(root / folder) as entries:
        for entry in entries:
            name = folder + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name in NEVER or _is_ignored(name + "/" * is_folder, ignores):
                continue
            if is_folder:
                yield from _walk(root, name + "/", ignores)
            elif entry.is_symlink() or entry.is_file():
                yield name


def _ignore_file(root: Path, folder: str) -> tuple[_Ignore, ...]:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # 50 ms that nobody with git has to pay

    path = root / folder / ".gitignore"
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return (_Ignore(folder=folder, spec=GitIgnoreSpec.from_lines(lines)),)


def _is_ignored(name: str, ignores: tuple[_Ignore, ...]) -> bool:
    """Decide as git does: the innermost .gitignore that says anything about a name is the one that counts."""
    return next((said for ignore in ignores if (said := ignore.says(name)) is not None), False)
