"""Gives birth to servers and agents: a process that has imported the program already and forks for each of them.

A start costs milliseconds instead of seconds, so that a run of ten seconds can kill twenty. What it forks is a process
of its own that runs the command line as anybody's does. It speaks JSON lines on stdin and stdout, and when stdin ends,
with a kill -9 of its own parent too, it kills all its children, removes the folder that it was given, and ends.
"""

import importlib
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from chaos.disk import remove_with_disks

_POLL_S = 0.02
_PROGRAM = ("qgjob.cli.commands.server", "qgjob.server.run", "qgjob.cli.commands.agent", "qgjob.agent.start")
_FIRST_OWN, _MOST_DESCRIPTORS = 3, 1024
_BROKE = 70


@dataclass(frozen=True, kw_only=True)
class Birth:
    """A process to be: the words after `qgjob`, what is added to the environment, where its output is appended."""

    argv: Sequence[str]
    env: Mapping[str, str]
    log: str

    def line(self) -> bytes:
        """As the nursery reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"


class Nursery:
    """The children that live, and what is to be said about them."""

    def __init__(self, orders: BinaryIO, news: BinaryIO) -> None:
        self._orders = orders
        self._news = news
        self._living: set[int] = set()

    def run(self) -> None:
        """Fork for every line until there is no more, and tell of every end; then end all that live."""
        try:
            self._tend()
        except BrokenPipeError:
            pass  # whoever we tell is gone, which may be seen before the end of the orders
        finally:
            self._end_all()

    def _tend(self) -> None:
        while True:
            if select.select([self._orders], [], [], _POLL_S)[0]:
                line = self._orders.readline()
                if not line:
                    break
                self._bear(Birth(**json.loads(line)))
            self._bury()

    def _end_all(self) -> None:
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)
        for pid in self._living:
            os.waitpid(pid, 0)

    def _bear(self, birth: Birth) -> None:
        pid = os.fork()
        if pid == 0:
            _live(birth)
        self._living.add(pid)
        self._say({"born": pid})

    def _bury(self) -> None:
        while self._living:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._living.discard(pid)
            self._say({"dead": pid, "code": os.waitstatus_to_exitcode(status)})

    def _say(self, news: Mapping[str, int]) -> None:
        self._news.write(json.dumps(news).encode() + b"\n")


def _live(birth: Birth) -> None:
    """Be that process; never returns."""
    code = _BROKE
    try:
        os.closerange(_FIRST_OWN, _MOST_DESCRIPTORS)  # the nursery's own pipes
        os.setsid()
        log = os.open(birth.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, target)
        os.environ.update(birth.env)
        sys.argv = ["qgjob", *birth.argv]
        code = _program()
    except BaseException:  # noqa: BLE001 - it is the last thing that this process says
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _program() -> int:
    from qgjob.cli.main import main  # noqa: PLC0415 - imported by `_warm_up` long since

    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)


def _warm_up() -> None:
    """Import all that servers and agents import."""
    for name in _PROGRAM:
        importlib.import_module(name)


if __name__ == "__main__":
    _warm_up()
    sys.stdout.buffer.write(b'{"ready": 1}\n')
    sys.stdout.buffer.flush()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as a terminal's programs have it
    # Children write to descriptor 1, which must be theirs: the nursery keeps its own pipes elsewhere.
    Nursery(os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)).run()
    remove_with_disks(Path(sys.argv[1]))
