"""Why a worker serves a group, in a sentence for people: from the very data that the decision was made of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from qgjob.core.policy import Because, Choice


def sentence(choice: Choice) -> str:
    """Say why. What it would save is an estimate, and is said to be about so much."""
    match choice.because:
        case Because.INSTALLED:
            return f"its app version is installed here already{_saving(choice.saves)}"
        case Because.URGENT:
            return f"urgent jobs would start late without another worker{_saving(choice.saves)}"
        case Because.UNSERVED:
            return "no worker served this group, and it was the first in line"
        case Because.BEHIND:
            return "it was due before what is left to do for the version that was installed here"
        case Because.HELP:
            return f"the work left in this group is worth another installation{_saving(choice.saves)}"
        case _:
            assert_never(choice.because)


def as_data(choice: Choice) -> Mapping[str, str | float | None]:
    """Say the same for programs; lengths of time in seconds."""
    saves = None if choice.saves is None else choice.saves.total_seconds()
    return {"because": choice.because.value, "install_s": choice.install.total_seconds(), "saves_s": saves}


def _saving(saves: timedelta | None) -> str:
    if saves is None or saves < timedelta(seconds=1):
        return ""
    return f": saves about {round(saves.total_seconds())} s"
