"""The files of the device, kept in memory and bounded by its capacity; folders exist where files are or were made."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

CAPACITY_BYTES = 1 << 30
MAX_FILES = 10_000
MAX_PATH = 1_024
_FOLDERS = frozenset({"/", "/data", "/data/app", "/data/local", "/data/local/tmp", "/sdcard", "/sdcard/Download"})

_SYSTEM_FILES = {"/proc/net/unix": b"Num       RefCount Protocol Flags    Type St Inode Path\n"}
"""Where the driver looks for web views: there are none."""


class NoSpaceError(Exception):
    """The device is full."""


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """One file as it was last written."""

    content: bytes
    modified_at: datetime


class Storage:
    """Absolute paths to files; `is_low` makes the device behave as if it were full."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self._files = {path: StoredFile(content=text, modified_at=now) for path, text in _SYSTEM_FILES.items()}
        self._folders: set[str] = set(_FOLDERS)
        self.is_low = False

    def free_bytes(self) -> int:
        """Count what may still be written."""
        return 0 if self.is_low else CAPACITY_BYTES - sum(len(file.content) for file in self._files.values())

    def write(self, path: str, content: bytes) -> None:
        """Put `content` at `path`, replacing what is there; raises NoSpaceError and then changes nothing."""
        replaced = self._files.get(path)
        freed = len(replaced.content) if replaced else 0
        if len(content) > self.free_bytes() + freed or len(self._files) >= MAX_FILES or len(path) > MAX_PATH:
            raise NoSpaceError(path)
        self._files[path] = StoredFile(content=content, modified_at=datetime.now(UTC))

    def read(self, path: str) -> StoredFile | None:
        """Give the file at `path`, if there is one."""
        return self._files.get(path)

    def is_folder(self, path: str) -> bool:
        """Say whether `path` was made, or has files below it."""
        path = path.rstrip("/") or "/"
        return path in self._folders or any(name.startswith(f"{path}/") for name in self._files)

    def make_folder(self, path: str) -> None:
        """Make a folder; making it twice is harmless."""
        if len(self._folders) < MAX_FILES:
            self._folders.add(path.rstrip("/"))

    def matching(self, pattern: str) -> list[str]:
        """Give the files whose path is `pattern` or matches it as a glob."""
        return [path for path in self._files if path == pattern or PurePosixPath(path).match(pattern)]

    def below(self, folder: str) -> list[str]:
        """Give the files in `folder` and in the folders below it."""
        return [path for path in self._files if path.startswith(folder.rstrip("/") + "/")]

    def remove(self, path: str) -> bool:
        """Take the file away; False when there was none."""
        return self._files.pop(path, None) is not None
