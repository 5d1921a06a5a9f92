"""`qgjob completions`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from qgjob.cli.exits import EPILOG
from qgjob.cli.say import say_text

_HELP = """Print a script that completes commands in your shell.

\b
bash:  eval "$(qgjob completions bash)"     in ~/.bashrc
zsh:   eval "$(qgjob completions zsh)"      in ~/.zshrc
fish:  qgjob completions fish > ~/.config/fish/completions/qgjob.fish
"""
_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completions", help=_HELP, epilog=EPILOG)
@click.argument("shell", type=click.Choice(list(_SHELLS)), help="Your shell.")
@click.pass_context
def completions_command(ctx: click.Context, shell: str) -> None:
    """Print the script of one shell."""
    completion = _SHELLS[shell](ctx.find_root().command, {}, "qgjob", "_QGJOB_COMPLETE")
    say_text(completion.source())
