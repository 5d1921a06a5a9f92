"""Where `qgjob` begins and ends: the list of commands, and the one place where an error becomes an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from qgjob import __version__
from qgjob.cli.exits import EPILOG, exit_code_of_error
from qgjob.cli.lazy import Entry, LazyGroup
from qgjob.cli.options import shared_options
from qgjob.cli.say import say_problem
from qgjob.core.errors import QgjobError
from qgjob.core.outcome import ExitCode

_HELP = """Submit Appwright tests to a farm of mobile devices that installs each app version once.

\b
Environment:
  QGJOB_SERVER_URL  server to talk to              [default: http://localhost:5000]
  QGJOB_TIMEOUT     seconds one request may take   [default: 30]
  QGJOB_TOKEN       access token, where the server asks for one
  QGJOB_ORG         org to submit for, and to list
  QGJOB_APP_VERSION app version that `qgjob run` tests
  QGJOB_ATTEMPT     names this attempt of a CI job that qgjob does not know
  QGJOB_CONFIG      config file                    [default: ~/.config/qgjob/config.toml]
  NO_COLOR          if set, no colours

The config file may set server_url, timeout, token, org and app_version_id. A flag wins over the environment, the
environment over the file.
"""
_COMMANDS = {
    "run": "Find the tests of an Appwright project, run them on the farm, and wait: one line for a CI.",
    "submit": "Submit tests of an Appwright project, and wait for them if asked to.",
    "status": "Show how a job or a run stands, or follow it to its end.",
    "wait": "Wait for the end of a run, as `qgjob run` does.",
    "explain": "Say why a job waits and when it is done, or why a worker does what it does.",
    "list": "List jobs, oldest first.",
    "runs": "List runs, newest first: the jobs that were submitted together, and how far they are.",
    "cancel": "Stop jobs, or whole runs.",
    "retry": "Submit a finished job again, or the jobs of a finished run.",
    "report": "Write reports of a finished run: JUnit, CTRF, HTML, JSON, Allure, Playwright's blob.",
    "evidence": "Download what the attempts of a job left behind.",
    "flaky": "Show the flakiest cases of an org, or mute one.",
    "history": "Show how a case did in its last runs.",
    "stats": "Show what the farm has done and saved.",
    "ledger": "Show what devices did by day, run or org, and what it would have cost otherwise.",
    "estimates": "Show how long tests and installs are expected to take.",
    "workers": "Show the devices of the farm, or take one out of work.",
    "orgs": "Show the orgs of the farm, or give one a weight.",
    "health": "Ask whether the server is up and well.",
    "app": "Upload app versions.",
    "github": "Tell GitHub how a run came out.",
    "server": "Run a server.",
    "agent": "Run an agent for the devices of this machine.",
    "simulate": "Run a workload on simulated devices, to see what a rule or more devices would do.",
    "mcp": "Offer the farm to coding agents, as tools.",
    "db": "Look after the database of a farm.",
    "doctor": "Check whether this machine and this project are ready.",
    "completions": "Print a script that completes commands in your shell.",
}


class _Door(LazyGroup):
    """The command itself: runs what was asked for and turns every error into a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except QgjobError as error:
            say_problem(error.message)
            ctx.exit(exit_code_of_error(error))
        except KeyboardInterrupt:
            say_problem("interrupted")
            ctx.exit(ExitCode.INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            say_problem(str(error))
            ctx.exit(ExitCode.INFRASTRUCTURE)
        except Exception:  # noqa: BLE001  # Python's own exit code for it, 1, would blame the tests
            say_problem(f"this is a fault of qgjob {__version__}; please report it\n{traceback.format_exc()}")
            ctx.exit(ExitCode.INFRASTRUCTURE)


@click.group(
    cls=_Door,
    entries={
        name: Entry(target=f"qgjob.cli.commands.{name}:{name}_command", summary=summary)
        for name, summary in _COMMANDS.items()
    },
    help=_HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="qgjob")
@shared_options
def cli() -> None:
    """Keep nothing: every command settles its own settings, and the group only lists the commands."""


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a character is no reason to fail
    cli.main(prog_name="qgjob")
    raise AssertionError("Click leaves by itself")


def _open_what_is_closed() -> None:
    """Let a stream that the caller closed (`>&-`) lead to nowhere: Python has None there, which nobody can write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the process
