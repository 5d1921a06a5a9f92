"""Prepares the engines and says how each is started: its fastest settings, as tried out on two cores."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.broke import BenchBroke
from qgjob.agent.built_folder import built_folder
from qgjob.agent.npm import npm_ci
from qgjob.agent.processes import Processes

FOLDER = Path(__file__).parent
_NPM_FILES = ("package.json", "package-lock.json", ".npmrc", "graphile_worker.mjs")
_WHAT = "the engines to measure against"
_ASK_VERSIONS = (
    "import json; from importlib.metadata import version; "
    "print(json.dumps({name: version(name) for name in ('pgqueuer', 'asyncpg', 'procrastinate')}))"
)
_TIMEOUT_S = 60.0

Command = tuple[str, ...]

LOCAL_QUEUE = 2000
"""graphile-worker: jobs fetched at once. 500 to 5,000 are alike; fewer are slower."""
PGQUEUER_BATCH, PGQUEUER_MANAGERS, PGQUEUER_CONNECTIONS = 500, 2, 4
"""PgQueuer: jobs fetched at once; queue managers in one process; connections of each."""
PROCRASTINATE_CONCURRENCY = 20
"""procrastinate: jobs under way at once; more are slower."""


@dataclass(frozen=True, kw_only=True)
class Engines:
    """What the programs of the engines need: a folder with npm packages, a Python with the packages of the lock."""

    npm: Path
    python: Path
    versions: Mapping[str, str]

    def graphile_worker(self, url: str, *, jobs: int, clients: int, payload: str) -> Command:
        """Drain with graphile-worker."""
        program = self.npm / "graphile_worker.mjs"
        return ("node", str(program), url, str(jobs), str(clients), str(LOCAL_QUEUE), payload)

    def pgqueuer(self, url: str, *, jobs: int, payload: str) -> Command:
        """Drain with PgQueuer."""
        settings = (str(PGQUEUER_BATCH), str(PGQUEUER_MANAGERS), str(PGQUEUER_CONNECTIONS))
        return self._python("pgqueuer_drain.py", url, str(jobs), *settings, payload)

    def pgqueuer_enqueue(self, url: str, *, jobs: int, batch: int, clients: int, payload: str) -> Command:
        """Enqueue with PgQueuer, so many jobs a call."""
        return self._python("pgqueuer_enqueue.py", url, str(jobs), str(batch), str(clients), payload)

    def procrastinate(self, url: str, *, jobs: int, payload: str) -> Command:
        """Drain with procrastinate."""
        return self._python("procrastinate_drain.py", url, str(jobs), str(PROCRASTINATE_CONCURRENCY), payload)

    def _python(self, program: str, *arguments: str) -> Command:
        return (str(self.python), str(FOLDER / program), *arguments)


async def prepare_engines(cache: Path, *, processes: Processes, say: Callable[[str], None]) -> Engines:
    """Install the npm packages once for each lockfile. The venv in `cache` is made by `./run`.

    Raises QgjobError when npm cannot do its part, BenchBroke when there is no such venv.
    """

    async def install(folder: Path) -> None:
        for name in _NPM_FILES:
            shutil.copyfile(FOLDER / name, folder / name)
        await npm_ci(folder, processes, what=_WHAT, say=say)

    npm = await built_folder(cache / "bench" / "engines" / _hash(), install, what=_WHAT, say=say)
    python = cache / "bench-venv" / "bin" / "python"
    if not python.exists():
        raise BenchBroke(f"There is no {python}: start the benchmark with ./run bench, which makes it.")
    return Engines(npm=npm, python=python, versions=await _versions(npm, python, processes))


async def _versions(npm: Path, python: Path, processes: Processes) -> Mapping[str, str]:
    done = await processes.run(
        [str(python), "-c", _ASK_VERSIONS], name="versions of engines", env=os.environ, cwd=npm, timeout_s=_TIMEOUT_S
    )
    if done.code != 0:
        raise BenchBroke(f"The engines of locks/bench.txt cannot be asked for their versions: {done.output}")
    manifest = json.loads((npm / "node_modules" / "graphile-worker" / "package.json").read_text("utf-8"))
    node = await processes.run(
        ["node", "--version"], name="node --version", env=os.environ, cwd=npm, timeout_s=_TIMEOUT_S
    )
    return {
        "graphile-worker": manifest["version"],
        "Node": node.output.strip().removeprefix("v"),
        **json.loads(done.output),
        "Python": ".".join(map(str, sys.version_info[:3])),
    }


def _hash() -> str:
    digest = hashlib.sha256()
    for name in _NPM_FILES:
        digest.update((FOLDER / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]
