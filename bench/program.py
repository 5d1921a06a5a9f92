"""A measured program: a process of its own that does its work and says in one JSON line what it measured."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.broke import BenchBroke
from qgjob.agent.processes import Processes, ProgramTimedOut

Measures = dict[str, Any]
"""What a program said of itself: numbers by name, as JSON has them."""

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 1800.0
_SHOWN_CHARACTERS = 2000


async def measures_of(command: Sequence[str], *, name: str, processes: Processes) -> Measures:
    """Run a program to its end and read its last line. Raises BenchBroke when it fails or says nothing of the kind."""
    try:
        done = await processes.run(command, name=name, env=environment(), cwd=ROOT, timeout_s=TIMEOUT_S)
    except ProgramTimedOut as error:
        raise BenchBroke(str(error)) from None
    last = done.output.strip().rpartition("\n")[2]
    if done.code != 0 or not last.startswith("{"):
        raise BenchBroke(f"{name} ended with code {done.code}:\n{done.output[-_SHOWN_CHARACTERS:]}")
    measured: Measures = json.loads(last)
    return measured


def environment() -> dict[str, str]:
    """What measured programs find in their environment: ours, without words between the JSON."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "NODE_NO_WARNINGS": "1"}
