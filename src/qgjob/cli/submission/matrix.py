"""The kinds of device that a run is for: `--target` and `--matrix` of `qgjob run`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from qgjob.cli.submission.terms import WantedDevice
from qgjob.core.errors import ConfigurationError
from qgjob.core.os_range import os_range
from qgjob.core.words import Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Terms = tuple[tuple[str, str], ...]
"""One requirement set: its terms in order; `tag` may occur several times."""

_BETWEEN = re.compile(r"(?<!\\),(?=\s*[A-Za-z_-]+=)")
"""A comma ends a value only where the next term begins, so that `>=13,<15` needs no quotes."""
_KEYS = ("target", "os_version", "model", "tag", "on")
_ONCE = frozenset(_KEYS) - {"tag"}


class MatrixType(click.ParamType[Terms]):
    """`target=device,os_version=>=14,model=Pixel 8,tag=lab`: one requirement set."""

    name = "TERMS"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Terms:
        """Split it into terms and check each; values keep their commas and equals signs."""
        try:
            return read_terms(str(value))
        except ConfigurationError as error:
            self.fail(error.message, param, ctx)


def read_terms(text: str) -> Terms:
    """Read one requirement set. Raises ConfigurationError naming the term that is wrong."""
    terms = tuple(_term(part.strip()) for part in _BETWEEN.split(text))
    names = [name for name, _ in terms]
    twice = next((name for name in names if name in _ONCE and names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"{text!r} says {twice} twice; a set of its own needs a --matrix of its own")
    return terms


def _term(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    name, value = key.strip().lower().replace("-", "_"), value.strip().replace("\\,", ",")
    if not sign or name not in _KEYS or not value:
        raise ConfigurationError(f"{text!r} is no term of a device; there are {', '.join(f'{key}=…' for key in _KEYS)}")
    if name == "target" and value not in set(Target):
        raise ConfigurationError(f"target={value}: it is one of {', '.join(Target)}")
    if name == "os_version":
        _check_range(value)
    return name, value


def _check_range(value: str) -> None:
    try:
        os_range(value)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error


def wanted_devices(base: WantedDevice, targets: Sequence[Target], matrix: Sequence[Terms]) -> list[WantedDevice]:
    """List the requirement sets of a run: one for each target, one for each --matrix; else the base alone.

    What a set does not say is taken from `base`. Raises ConfigurationError for two that are the same.
    """
    devices = [replace(base, target=target) for target in targets] + [_device(base, terms) for terms in matrix]
    for place, device in enumerate(devices):
        if device in devices[:place]:
            raise ConfigurationError(f"the same kind of device is asked for twice: {_shown(device)}")
    return devices or [base]


def _device(base: WantedDevice, terms: Terms) -> WantedDevice:
    said: Mapping[str, str] = dict(terms)
    return WantedDevice(
        target=Target(said["target"]) if "target" in said else base.target,
        os_version=said.get("os_version", base.os_version),
        model=said.get("model", base.model),
        tags=tuple(dict.fromkeys([*base.tags, *(value for name, value in terms if name == "tag")])),
        pin=said.get("on", base.pin),
    )


def _shown(device: WantedDevice) -> str:
    said = {"target": device.target.value, "os_version": device.os_version, "model": device.model, "on": device.pin}
    parts = [f"{name}={value}" for name, value in said.items() if value]
    return ",".join([*parts, *(f"tag={tag}" for tag in device.tags)])
