"""One server in a temporary folder: start, stop, kill, freeze, and databases that cost a copy of a template."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

import psycopg
from psycopg import sql

from local_postgres import watcher
from local_postgres.account import account, reachable
from local_postgres.installation import Installation, pick
from qgjob.agent.free_port import free_port

_SUPERUSER = "postgres"
_START_S = 60.0
_STOP_S = 60.0
_POLL_S = 0.01
_STATUS_LINE = 7
"""Of postmaster.pid."""
_TRIES = 5
_LOG_TAIL = 2000


class DidNotStart(Exception):
    """The server said no; its own words are in the message."""


class HowToStop(Enum):
    """PostgreSQL's three ways, by the signal that asks for each."""

    SMART = signal.SIGTERM
    """Waits until the last client has gone."""
    FAST = signal.SIGINT
    """Rolls back what is open and ends in order."""
    IMMEDIATE = signal.SIGQUIT
    """As a crash: the next start recovers from the log."""


class LocalPostgres:
    """A server that was started once. Its port and its data stay the same over restarts."""

    def __init__(self, installation: Installation, *, fsync: bool, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self._account = account()
        self._folder = Path(tempfile.mkdtemp(prefix="qgjob-postgres-"))
        self._data = self._folder / "data"
        self.log_file = self._folder / "server.log"
        self._settings = {"fsync": "on" if fsync else "off", **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._templates: dict[str, str] = {}
        self._watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", watcher.__file__, str(self._data), str(self._folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._account.own(self._folder)
        self.installation = reachable(installation, self._account, folder=self._folder)

    def url(self, database: str = "postgres") -> str:
        """Where a client finds this database."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def log(self) -> str:
        """All that the server has said."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def make(self) -> None:
        """Make the data folder; once, before the first start."""
        argv = [str(self.installation.programs / "initdb"), "--pgdata", str(self._data), "--username", _SUPERUSER]
        finished = self._account.run(
            [*argv, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            folder=self._folder,
        )
        if finished.returncode:
            raise DidNotStart(f"initdb of PostgreSQL {self.installation.version} failed: {finished.stdout}")

    def make_standby_of(self, primary: "LocalPostgres") -> None:
        """Make the data folder a copy of a server that runs, which it follows from its first start on."""
        argv = [str(self.installation.programs / "pg_basebackup"), "--pgdata", str(self._data), "--write-recovery-conf"]
        finished = self._account.run(
            [*argv, "--dbname", primary.url(), "--checkpoint=fast", "--no-sync"], folder=self._folder
        )
        if finished.returncode:
            raise DidNotStart(f"pg_basebackup of PostgreSQL {self.installation.version} failed: {finished.stdout}")

    def wait_for_standby(self) -> None:
        """Let commits wait for a standby from now on: what a client is told of is on both."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")

    def take_over(self) -> None:
        """Be a standby no more: the next clients may write."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it serves."""
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
        settings |= {"log_min_messages": "warning", "port": str(self.port), **self._settings}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._account.start(
            [str(self.installation.programs / "postgres"), "-D", str(self._data), *words],
            folder=self._folder,
            log=self.log_file,
        )
        if wait:
            self.wait_until_ready()

    def start_on_any_port(self) -> None:
        """Start it for the first time: another program may have taken the port meanwhile."""
        for _ in range(_TRIES - 1):
            try:
                return self.start()
            except DidNotStart:
                if "Address already in use" not in self.log():
                    raise
                self.port = free_port()
        return self.start()

    def wait_until_ready(self) -> None:
        """Wait until it takes connections. Raises DidNotStart when it ends instead, or takes a minute."""
        deadline = time.monotonic() + _START_S
        while not self._ready():
            if not self.running or time.monotonic() > deadline:
                raise DidNotStart(f"PostgreSQL {self.installation.version}: {self.log()[-_LOG_TAIL:]}")
            time.sleep(_POLL_S)

    @property
    def pid(self) -> int | None:
        """Of its first process, while that lives."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether its first process lives, frozen or not."""
        return self._process is not None and self._process.poll() is None

    def stop(self, how: HowToStop = HowToStop.FAST) -> None:
        """Stop it and wait for its end."""
        self._end(how.value)

    def restart(self, how: HowToStop = HowToStop.FAST) -> None:
        """Stop it in this way and start it again."""
        self.stop(how)
        self.start()

    def kill(self) -> None:
        """End all its processes at once, as a machine that loses power; what was written stays with the system."""
        pids = self._pids()
        self._end(signal.SIGKILL)
        for pid in pids[1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def freeze(self) -> None:
        """Stop all its processes in mid-flight: clients wait, nothing breaks."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        """End it and remove all it has."""
        self._watcher.communicate()
        if self._process is not None:
            self._process.wait()

    def create_database(self, *, template: str = "template1") -> str:
        """Make a database that is a copy of another, and return its URL. Nobody may be connected to the template."""
        name = f"test_{secrets.token_hex(6)}"
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, also from under its clients."""
        name = sql.Identifier(url.rpartition("/")[2])
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Return the template of this name; `fill` is given the URL of an empty database when there is none yet."""
        if name not in self._templates:
            url = self.create_database()
            fill(url)
            self._templates[name] = url.rpartition("/")[2]
        return self._templates[name]

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)
            self._process.wait(_STOP_S)

    def _pids(self) -> list[int]:
        pid = self.pid
        return [] if pid is None else [pid, *watcher.children(pid)]

    def _ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        ours = self._process is not None and lines[:1] == [str(self._process.pid)]
        return ours and len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() in {"ready", "standby"}


@contextmanager
def a_standby(primary: LocalPostgres) -> Iterator[LocalPostgres]:
    """Serve a second server while the block lasts that has every commit of the first before its client hears of it."""
    server = LocalPostgres(primary.installation, fsync=False, settings={})
    try:
        server.make_standby_of(primary)
        server.start_on_any_port()
        primary.wait_for_standby()
        yield server
    finally:
        server.close()


@contextmanager
def a_postgres(
    installation: Installation | None = None, *, fsync: bool = True, settings: Mapping[str, str] | None = None
) -> Iterator[LocalPostgres]:
    """Serve while the block lasts; of the first installation to be had, if none is named.

    Without `fsync` it is faster and loses data only when the whole machine loses power. `settings` are PostgreSQL's.
    """
    server = LocalPostgres(installation or pick(), fsync=fsync, settings=settings or {})
    try:
        server.make()
        server.start_on_any_port()
        yield server
    finally:
        server.close()
