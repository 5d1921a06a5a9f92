"""Reads one blob of Playwright's blob reporter: what one runner process told of its tests, and the files that it kept.

A blob comes from the process that ran the tests, which is anybody's code: nothing in it is believed beyond its bounds,
and one that cannot be read is a sentence. Version 2 is known (tried with Playwright 1.45 to 1.59).
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qgjob.cli.reports.blob_parts import Steps, sound_attachments, sound_end, sound_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qgjob.cli.reports.blob_parts import Json

VERSION = 2
MOST_EVENTS_BYTES = 256 * 1024**2
MOST_RESOURCE_BYTES = 256 * 1024**2
MOST_RESOURCES = 10_000
MOST_BYTES = 2 * 1024**3
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a zip file that is not as it should be may raise, beside OSError."""
_EVENTS = "report.jsonl"
_RESOURCE = re.compile(r"resources/[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_OF_RESULTS = frozenset({"onStepBegin", "onStepEnd", "onStdIO"})
_TEXTS = frozenset({"message", "stack", "snippet", "value"})


class Unreadable(Exception):
    """A blob that cannot be used, and why, as the end of a sentence."""


@dataclass(frozen=True, kw_only=True)
class BlobTest:
    """A test as the blob lists it. `titles`: of the blocks around it, from the outer one inwards."""

    spec: str
    titles: tuple[str, ...]
    entry: Json


@dataclass(kw_only=True)
class BlobResult:
    """One execution: its begin and end, and steps and output between them, as Playwright wrote them."""

    begin: Json
    events: list[Json]
    attachments: list[Json]
    steps: Steps = field(default_factory=Steps)
    end: Json | None = None


@dataclass(frozen=True, kw_only=True)
class Blob:
    """What one runner process told. Paths in it are relative to the project's folder, or lie below `root`."""

    path: Path
    playwright: str
    tests: Mapping[str, BlobTest]
    results: Mapping[str, BlobResult]
    resources: frozenset[str]


def read_blob(path: Path, *, files: Mapping[str, str], root: str) -> Blob:
    """Read a blob and tell its paths from the project's folder, which is taken to be `root`.

    `files`: the spec files of cases, by id, as the farm knows them. Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _Reader(path, files, root).read(archive)
    except (*DAMAGED, OSError) as error:
        raise Unreadable(f"it is no zip file that can be read: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"it is not as Playwright writes it: {error!r}") from error


class _Reader:
    def __init__(self, path: Path, files: Mapping[str, str], root: str) -> None:
        self._path = path
        self._files = files
        self._root = root
        self._tests: dict[str, BlobTest] = {}
        self._results: dict[str, BlobResult] = {}
        self._by_id: dict[str, BlobResult] = {}
        self._config: Json = {}

    def read(self, archive: zipfile.ZipFile) -> Blob:
        resources = _resources(archive)
        for event in _events(archive):
            self._see(event["method"], event.get("params") or {})
        places = _places(self._config, self._tests, self._files, self._root)
        for test in self._tests.values():
            places.tell(test.entry)
        for result in self._results.values():
            for part in (*result.events, result.end):
                places.tell(part)
            result.attachments[:] = [_kept(attachment, resources) for attachment in result.attachments]
        return Blob(
            path=self._path,
            playwright=str(self._config.get("version", "")),
            tests=self._tests,
            results=self._results,
            resources=resources,
        )

    def _see(self, method: str, params: Json) -> None:
        """Sort one event; what belongs to a test that has no begin here is left out."""
        if method == "onConfigure":
            self._config = params["config"]
        elif method == "onProject":
            for suite in params["project"]["suites"]:
                self._list(suite, spec=str(suite["title"]), titles=())
        elif method == "onTestBegin":
            result = BlobResult(begin=params["result"], events=[], attachments=[])
            self._results[str(params["testId"])] = self._by_id[str(params["result"]["id"])] = result
        elif method == "onTestEnd" and (ended := self._by_id.get(str(params["result"]["id"]))):
            ended.end = sound_end(params["result"], params["test"])
            ended.attachments += sound_attachments(params["result"].get("attachments"))
        elif method == "onAttach" and (attached := self._by_id.get(str(params["resultId"]))):
            attached.attachments += sound_attachments(params["attachments"])
        elif method in _OF_RESULTS and (going := self._by_id.get(str(params.get("resultId")))):
            told = going.steps.sound(method, params)
            going.events += [] if told is None else [{"method": method, "params": told}]

    def _list(self, suite: Json, *, spec: str, titles: tuple[str, ...]) -> None:
        for entry in suite["entries"]:
            if "testId" in entry:
                self._tests[str(entry["testId"])] = BlobTest(spec=spec, titles=titles, entry=sound_entry(entry))
            else:
                self._list(entry, spec=spec, titles=(*titles, str(entry["title"])))


def _resources(archive: zipfile.ZipFile) -> frozenset[str]:
    """Name the files that it keeps, as far as they are within bounds."""
    kept: set[str] = set()
    left = MOST_BYTES
    for info in archive.infolist()[:MOST_RESOURCES]:
        if info.file_size <= min(MOST_RESOURCE_BYTES, left) and _RESOURCE.fullmatch(info.filename):
            kept.add(info.filename)
            left -= info.file_size
    return frozenset(kept)


def _events(archive: zipfile.ZipFile) -> Iterator[Json]:
    """Yield the events, the first of which tells the version."""
    info = archive.getinfo(_EVENTS)
    if info.file_size > MOST_EVENTS_BYTES:
        raise Unreadable(f"its events are {info.file_size} bytes, and {MOST_EVENTS_BYTES} are read at most")
    with archive.open(info) as lines:
        first = _parsed(lines.readline(MOST_EVENTS_BYTES))
        version = first["params"]["version"] if first["method"] == "onBlobReportMetadata" else None
        if version != VERSION:
            raise Unreadable(f"it is of version {version!r}, and version {VERSION} is known")
        for line in lines:
            if line.strip():
                yield _parsed(line)


def _parsed(line: bytes) -> Json:
    """Read one event; what only Python takes for JSON (NaN) is none."""
    event: Json = json.loads(line, parse_constant=_refuse)
    return event


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _kept(attachment: Json, resources: frozenset[str]) -> Json:
    """Return an attachment without a path that leads out of the blob, or to nothing."""
    if attachment.get("path") in resources or "path" not in attachment:
        return attachment
    return {key: value for key, value in attachment.items() if key != "path"}


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Turns paths of the host that ran the tests into paths of the project.

    `prefix`: from the project's folder to what Playwright told paths from; `there`: the project's folder on that host.
    """

    prefix: str
    there: str | None
    root: str

    def tell(self, value: object) -> None:
        """Rewrite every location and every text of an error in a JSON value, however deep; without recursion."""
        waiting = [value]
        while waiting:
            part = waiting.pop()
            if isinstance(part, list):
                waiting += part
            elif isinstance(part, dict):
                if isinstance(part.get("file"), str):
                    part["file"] = self._file(part["file"])
                for key in _TEXTS & part.keys():
                    if isinstance(part[key], str) and self.there is not None:
                        part[key] = part[key].replace(f"{self.there}/", f"{self.root}/")
                waiting += part.values()

    def _file(self, file: str) -> str:
        if not posixpath.isabs(file):
            return posixpath.normpath(posixpath.join(self.prefix, file))
        if self.there is not None and file.startswith(f"{self.there}/"):
            return f"{self.root}/{file.removeprefix(f'{self.there}/')}"
        return file


def _places(config: Json, tests: Mapping[str, BlobTest], files: Mapping[str, str], root: str) -> _Places:
    """Find out by a test that the farm knows how Playwright's paths are to be told from the project's folder."""
    root_dir = str(config.get("rootDir", ""))
    for case_id, test in tests.items():
        file = files.get(case_id, "")
        if file == test.spec or file.endswith(f"/{test.spec}"):
            prefix = file.removesuffix(test.spec).rstrip("/")
            there = root_dir.removesuffix(f"/{prefix}") if prefix else root_dir
            return _Places(prefix=prefix, there=there or None, root=root)
    return _Places(prefix="", there=None, root=root)
