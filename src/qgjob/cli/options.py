"""Options that several commands share, and how a command gets its settings. A command's own options stay with it."""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from qgjob.cli.settings import Flags, OutputForm, Settings, settle

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_SAID = "qgjob.flags."


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep a flag that was given; `ctx.meta` is one for group and command, so what comes later wins."""
    if value and param.name:
        ctx.meta[_SAID + param.name] = value


_SHARED = (
    click.option(
        "--server-url",
        metavar="URL",
        expose_value=False,
        callback=_remember,
        help="Server to talk to; wins over QGJOB_SERVER_URL.  [default: http://localhost:5000]",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Choice([form.value for form in OutputForm]),
        expose_value=False,
        callback=_remember,
        help="Form of the results on stdout.  [default: table]",
    ),
    click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, callback=_remember, help="No progress or notes on stderr."
    ),
)


def shared_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add the options that stand before or after every command."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


def with_settings(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Add the shared options to a command and hand it the settled settings as its first argument."""

    @wraps(command)
    def settled(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(current_settings(), *args, **kwargs)

    return shared_options(settled)


def current_settings() -> Settings:
    """Settle what the command line, the environment and the config file say."""
    said = click.get_current_context().meta
    flags = Flags(
        server_url=said.get(_SAID + "server_url"),
        output=OutputForm(said.get(_SAID + "output", OutputForm.TABLE)),
        quiet=bool(said.get(_SAID + "quiet")),
    )
    return settle(flags, os.environ)


def org_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add whose cases or runs are meant, which `org_of` tells; it may stand at a group or at its command."""
    return click.option(
        "--org-id",
        metavar="ORG",
        expose_value=False,
        callback=_remember,
        help="Whose.  [default: QGJOB_ORG]",
    )(command)


def org_of(settings: Settings) -> str:
    """Tell whose: as said by `org_option`, else as settled. Raises UsageError where nobody says."""
    org: str | None = click.get_current_context().meta.get(f"{_SAID}org_id") or settings.org
    if org is None:
        raise click.UsageError("which org? Say --org-id ORG, or set QGJOB_ORG.")
    return org


def wait_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add how to wait: `poll_interval` and `timeout`, both in seconds."""
    for option in (
        click.option(
            "--timeout",
            metavar="SECONDS",
            type=click.FloatRange(min=0, min_open=True),
            help="Stop waiting after so long (exit 124); the run goes on.  [default: no limit]",
        ),
        click.option(
            "--poll-interval",
            metavar="SECONDS",
            type=click.FloatRange(min=0, min_open=True),
            default=5.0,
            show_default=True,
            help="Ask at least so often; news is told as soon as there is any.",
        ),
    ):
        command = option(command)
    return command


def strictness_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add what should count as failed tests in the exit code: `fail_on_flaky` and `infra_as_failure`."""
    for option in (
        click.option("--infra-as-failure", is_flag=True, help="Exit 1 instead of 3 for an infrastructure error."),
        click.option("--fail-on-flaky", is_flag=True, help="Exit 1 for a test that passed only on a retry."),
    ):
        command = option(command)
    return command
