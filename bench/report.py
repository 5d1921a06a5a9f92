"""How measurements are shown: a table for people, one JSON document for machines. It computes nothing of its own."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict

from bench.goal import Figure
from bench.measured import Measured
from bench.table import lines_of


def as_text(measured: Measured) -> str:
    """Lay out the set-up, what is compared, and the table."""
    return "\n".join(_lines(measured))


def as_json(measured: Measured) -> str:
    """Write the document down: figures with their goals, and each run as it was measured."""
    document = {
        "machine": {"system": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()},
        "set_up": dict(measured.set_up),
        "compared": measured.compared,
        "figures": [_figure(figure) for figure in measured.figures],
        "runs": {name: list(runs) for name, runs in measured.runs.items()},
    }
    return json.dumps(document, indent=2)


def _lines(measured: Measured) -> Iterator[str]:
    yield f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"
    yield ", ".join(f"{name} {value}" for name, value in measured.set_up.items())
    yield measured.compared
    yield ""
    yield from lines_of(measured.figures)


def _figure(figure: Figure) -> dict[str, object]:
    return {**asdict(figure), "verdict": figure.verdict}
