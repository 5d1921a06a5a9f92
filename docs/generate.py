"""Writes the pages that are drawn from the code: the CLI reference, the OpenAPI file and the lifecycle picture.

`./run docs` writes them; a test compares what is committed with what would be written.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from qgjob.cli.reference import reference
from qgjob.core.lifecycle import MOVES
from qgjob.server.app import create_app
from qgjob.server.settings import read_settings

DOCS = Path(__file__).resolve().parent


def lifecycle() -> str:
    """The lifecycle of a job, drawn from the table that the farm moves by."""
    arrows = [
        f"    {state} --> {following} : {event.replace('_', ' ')}"
        for state, moves in MOVES.items()
        for event, following in moves.items()
    ]
    finals = [f"    {state} --> [*]" for state, moves in MOVES.items() if not moves]
    return "\n".join(
        [
            "# The life of a job",
            "",
            "Drawn from the table in `src/qgjob/core/lifecycle.py` by `./run docs`. What has no arrow cannot happen.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> pending : accepted",
            *arrows,
            *finals,
            "```",
            "",
            "`pending`: accepted and waiting, also between retries.",
            "`queued`: leased to a worker, fetching and installing included.",
            "`running`: the attempt's runner has started.",
            "`completed`, `failed`, `cancelled`: final.",
            "",
        ]
    )


def openapi() -> str:
    """The server's own description of its API."""
    settings = read_settings(host="127.0.0.1", port=5000, data_dir=DOCS, database_url=None, environ={})
    return json.dumps(create_app(settings).openapi(), indent=2, sort_keys=True) + "\n"


def pages() -> Mapping[Path, str]:
    """Every generated page and what belongs in it."""
    return {DOCS / "cli.md": reference(), DOCS / "openapi.json": openapi(), DOCS / "lifecycle.md": lifecycle()}


def main() -> int:
    """Write the pages that changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stderr.write(f"wrote docs/{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
