"""A PostgreSQL to try things with: serves until Ctrl-C, then leaves nothing behind."""

import argparse
import signal
import sys

from local_postgres import DidNotStart, NoPostgres, a_postgres, installations, pick


def main() -> int:
    """List what there is, or serve; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local_postgres", description=__doc__)
    parser.add_argument("--major", type=int, metavar="N", help="the major version (default: the first to be had)")
    parser.add_argument("--list", action="store_true", help="only say which versions could be started")
    parser.add_argument("--no-fsync", action="store_true", help="faster; data may be lost when the machine loses power")
    options = parser.parse_args()
    if options.list:
        sys.stdout.writelines(f"{each.version}  {each.programs}\n" for each in installations())
        return 0
    try:
        with a_postgres(pick(options.major), fsync=not options.no_fsync) as server:
            sys.stdout.write(f"{server.url()}\n")
            sys.stdout.flush()
            signal.pause()
    except (NoPostgres, DidNotStart) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
