"""The farm's waits, shortened: a lease that lasts three seconds expires within a run that lasts ten.

Nothing else of the programs is changed. Where a wait became the default of a parameter, it is named as
`function:parameter`. Imported by every process of a farm under chaos before anything of qgjob, so it stays small.
"""

import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.machinery import ModuleSpec
from types import ModuleType

SHORTER: Mapping[str, Mapping[str, object]] = {
    "qgjob.core.timing": {
        "LEASE": timedelta(seconds=3),
        "RENEW_EVERY": timedelta(seconds=0.5),
        "PROTOCOL1_LEASE": timedelta(seconds=2.5),
        "SILENT_AFTER": timedelta(seconds=4),
        "UNATTENDED_AFTER": timedelta(seconds=1.5),
        "OBEDIENCE": timedelta(seconds=6),
    },
    "qgjob.core.retry": {
        "FIRST_BACKOFF": timedelta(seconds=0.1),
        "AVOID_WORKER_FOR": timedelta(seconds=0.5),
        "LONGEST_REST": timedelta(seconds=1),
        "Again.__init__:avoid_worker_for": timedelta(seconds=0.5),
    },
    "qgjob.core.quarantine": {
        "QUARANTINE.first": timedelta(seconds=0.5),
        "QUARANTINE.longest": timedelta(seconds=2),
    },
    "qgjob.server.patrol": {"patrol:every_s": 0.4},
    "qgjob.agent.delivery.patience": {"FIRST_PAUSE_S": 0.05, "LONGEST_PAUSE_S": 0.5},
    "qgjob.agent.loop": {"CLAIM_WAIT_S": 2.0, "CLAIM_PAUSE_S": 0.2},
    "qgjob.agent.host_trouble": {"HostTrouble.__init__:rest_s": 0.5},
    "qgjob.agent.start": {"SERVER_TIMEOUT_S": 2.0},
    "qgjob.agent.heartbeat.beat": {"SERVER_TIMEOUT_S": 1.0, "MOST_SILENCE_S": 2.0},
    "qgjob.agent.heartbeat.renewal": {"SIGN_EVERY_S": 0.3, "_RESTART_PAUSE_S": 0.1},
    "qgjob.client.transport": {"_CONNECT_S": 1.0},
}


def install() -> None:
    """Shorten the waits of every module that is imported from now on."""
    sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in SHORTER:
            return None
        found = next(
            (spec for finder in sys.meta_path[1:] if (spec := finder.find_spec(name, path, target)) is not None), None
        )
        if found is not None and found.loader is not None:
            found.loader = _Hurried(found.loader)
        return found


class _Hurried(importlib.abc.Loader):
    """Runs a module as its own loader does, and then shortens its waits."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        for name, value in SHORTER[module.__name__].items():
            _set(module, name, value)


def _set(module: ModuleType, name: str, value: object) -> None:
    """Raises AttributeError or KeyError when there is no such wait any more: this table is to be mended then."""
    path, _, parameter = name.partition(":")
    *owners, last = path.split(".")
    owner: object = module
    for each in owners:
        owner = getattr(owner, each)
    present = getattr(owner, last)
    if parameter:
        present.__kwdefaults__[parameter]
        present.__kwdefaults__[parameter] = value
    elif isinstance(owner, ModuleType):
        setattr(owner, last, value)
    else:
        object.__setattr__(owner, last, value)  # of a frozen dataclass
