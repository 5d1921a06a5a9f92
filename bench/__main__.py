"""`python -m bench NAME …`: hands over to the benchmark of that name."""

import sys

from bench.discovery.command import run_command as run_discovery
from bench.http.command import run_command as run_http
from bench.policy.command import run_command as run_policy
from bench.runner.command import run_command as run_runner
from bench.store.command import run_command as run_store

BENCHMARKS = {
    "runner": run_runner,
    "store": run_store,
    "http": run_http,
    "policy": run_policy,
    "discovery": run_discovery,
}
USAGE = 2


def main(arguments: list[str]) -> int:
    """Run the benchmark that is named first, and return its exit code."""
    match arguments:
        case [name, *options] if name in BENCHMARKS:
            return BENCHMARKS[name](options)
        case _:
            sys.stderr.write(f"usage: ./run bench {'|'.join(BENCHMARKS)} [--help]\n")
            return USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
