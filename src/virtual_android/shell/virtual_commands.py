"""The shell's `virtual`, which no real device has: reads the counters and events, orders faults.

usage:
  virtual counters
  virtual events
  virtual reboot
  virtual fault install CODE [--times N]
  virtual fault slow-install SECONDS
  virtual fault drop [--after-commands N]
  virtual fault freeze SECONDS
  virtual fault unplug [--for SECONDS]
  virtual fault low-storage
  virtual fault none
"""

import json
import re
from collections.abc import Callable, Mapping

from virtual_android.device import Device
from virtual_android.events import EventKind
from virtual_android.faults import Faults
from virtual_android.shell.io import Answer, Args

MAX_SECONDS = 3_600.0
MAX_COUNT = 1_000_000


class UsageError(Exception):
    """The words after `virtual` make no sense."""


def virtual(device: Device, args: Args) -> Answer:
    """Run one order; a wrong one is answered with the usage and code 2."""
    try:
        match list(args):
            case ["counters"]:
                return Answer(out=json.dumps(device.counters.as_json()) + "\n")
            case ["events"]:
                return Answer(out="".join(f"{line}\n" for line in device.events.lines()))
            case ["reboot"]:
                device.reboot()
                return Answer()
            case ["fault", name, *options] if name in _FAULTS:
                _FAULTS[name](device.faults, options)
                device.events.record(EventKind.FAULT_ORDERED, fault=" ".join([name, *options]))
                return Answer()
    except UsageError as error:
        return Answer(err=f"virtual: {error}\n", code=2)
    return Answer(err=f"virtual: unknown order {' '.join(args)!r}\n{(__doc__ or '').partition('usage:')[2]}", code=2)


def _install(faults: Faults, options: Args) -> None:
    code, *rest = options or [""]
    if not re.fullmatch("INSTALL_[A-Z_]{1,80}", code):
        raise UsageError(f"fault install takes one of Android's names such as INSTALL_FAILED_ABORTED, not {code!r}")
    times = _option(rest, "--times")
    faults.refuse_installs(code, times=None if times is None else _count(times))


def _slow_install(faults: Faults, options: Args) -> None:
    faults.install_delay_s = _seconds(_only(options))


def _drop(faults: Faults, options: Args) -> None:
    count = _option(options, "--after-commands")
    faults.drop(after_commands=0 if count is None else _count(count))


def _freeze(faults: Faults, options: Args) -> None:
    faults.freeze(_seconds(_only(options)))


def _unplug(faults: Faults, options: Args) -> None:
    seconds = _option(options, "--for")
    faults.unplug(None if seconds is None else _seconds(seconds))


def _only(options: Args) -> str:
    if len(options) != 1:
        raise UsageError(f"one value is wanted, not {' '.join(options)!r}")
    return options[0]


def _option(options: Args, name: str) -> str | None:
    match list(options):
        case []:
            return None
        case [given, value] if given == name:
            return value
    raise UsageError(f"only {name} and a value may follow, not {' '.join(options)!r}")


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) or float(text) > MAX_SECONDS:
        raise UsageError(f"{text!r} is no number of seconds from 0 to {MAX_SECONDS:.0f}")
    return float(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text) or not 0 < int(text) <= MAX_COUNT:
        raise UsageError(f"{text!r} is no count from 1 to {MAX_COUNT}")
    return int(text)


_FAULTS: Mapping[str, Callable[[Faults, Args], None]] = {
    "drop": _drop,
    "freeze": _freeze,
    "install": _install,
    "low-storage": lambda faults, _options: faults.fill_storage(),
    "none": lambda faults, _options: faults.end(),
    "slow-install": _slow_install,
    "unplug": _unplug,
}
