"""`python -m chaos`: what `./run chaos` starts."""

import sys

from chaos.command import run_command

if __name__ == "__main__":
    sys.exit(run_command(sys.argv[1:]))
