"""A benchmark called from the command line: alone in its folder, errors as sentences, then the report."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.alone import alone
from bench.broke import BenchBroke
from bench.measured import Measured
from bench.report import as_json, as_text
from demo.farm import DidNotStart
from local_postgres import DidNotStart as PostgresDidNotStart
from local_postgres import NoPostgres
from qgjob.core.errors import ConfigurationError, QgjobError

CACHE = Path(__file__).parents[1] / ".cache"
WORTHLESS, USAGE, INFRASTRUCTURE, INTERRUPTED = 1, 2, 3, 130

Say = Callable[[str], None]


def run_session(measure: Callable[[Path, Path, Say], Awaitable[Measured]], *, json: Path | None) -> int:
    """Measure (given a cache folder, an empty folder, and where to say things), then report. Returns the exit code."""

    async def measured() -> Measured:
        return await measure(CACHE, Path(work), _say)

    try:
        with alone(CACHE / "bench"), tempfile.TemporaryDirectory(prefix="qgjob-bench-") as work:
            result = asyncio.run(measured())
    except BenchBroke as error:
        _say(f"bench: {error}")
        return WORTHLESS
    except (ConfigurationError, NoPostgres) as error:
        _say(f"bench: {error}")
        return USAGE
    except (QgjobError, DidNotStart, PostgresDidNotStart) as error:
        _say(f"bench: {error}")
        return INFRASTRUCTURE
    except KeyboardInterrupt:
        return INTERRUPTED
    if json is not None:
        json.write_text(as_json(result) + "\n", encoding="utf-8")
    sys.stdout.write(as_text(result) + "\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
