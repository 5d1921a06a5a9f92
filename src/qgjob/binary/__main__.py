"""`python -m qgjob.binary badging|facts FILE`: reads one app binary within limits and prints what it states.

Exit code 0 with the answer on stdout and nothing on stderr; 65 with one sentence on stderr when the file is no app.
"""

import dataclasses
import json
import sys
from pathlib import Path

from qgjob.binary.badging import badging
from qgjob.binary.contents import read_contents
from qgjob.binary.facts import BinaryFacts
from qgjob.binary.limits import limit_this_process
from qgjob.core.errors import BinaryError

REFUSED = 65
"""The exit code for a file that is no app (EX_DATAERR of sysexits.h); Python's own 1 means that the reader broke."""


def as_json(facts: BinaryFacts) -> str:
    """Return the facts as one JSON object, field for field."""
    return json.dumps(dataclasses.asdict(facts))


_ANSWERS = {"badging": badging, "facts": as_json}


def main(arguments: list[str]) -> int:
    """Run one command line; see the module's docstring for its exit codes."""
    match arguments:
        case [command, file] if command in _ANSWERS:
            limit_this_process()
        case _:
            sys.stderr.write("usage: python -m qgjob.binary badging|facts FILE\n")
            return 2
    try:
        answer = _ANSWERS[command](read_contents(Path(file)))
    except BinaryError as error:
        sys.stderr.write(f"{error.message}\n")
        return REFUSED
    sys.stdout.buffer.write(answer.encode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
