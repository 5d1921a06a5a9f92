"""Workflow commands: lines by which a step tells the runner something."""

from __future__ import annotations

from qgjob.cli.github.markdown import readable


def command(name: str, message: str, **properties: str | int) -> str:
    """Write one command, on one line whatever is in it."""
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' if listed else ''}{listed}::{_data(message)}"


def notice(message: str) -> str:
    """Write something that a person should see and that changes no colour."""
    return command("notice", message, title="qgjob")


def _data(text: str) -> str:
    return readable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
