"""`qgjob server`."""

from __future__ import annotations

from pathlib import Path

import click

from qgjob.cli.exits import EPILOG
from qgjob.cli.say import say_text


@click.command("server", epilog=EPILOG)
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=5000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--data-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="QGJOB_DATA_DIR",
    show_envvar=True,
    help="Where to keep the database and the uploaded files.  [default: ~/.local/share/qgjob]",
)
@click.option(
    "--database-url",
    metavar="URL",
    envvar="QGJOB_DATABASE_URL",
    show_envvar=True,
    help="The database, as sqlite:///relative, sqlite:////absolute or postgresql://user@host/name.  "
    "[default: qgjob.db in the data folder]",
)
@click.option(
    "--keep",
    metavar="TIME",
    envvar="QGJOB_KEEP",
    show_envvar=True,
    help="Remove jobs that ended so long ago with all that belongs to them, as 12h, 90d or 4w.  [default: off]",
)
@click.option(
    "--keep-evidence",
    metavar="TIME",
    envvar="QGJOB_KEEP_EVIDENCE",
    show_envvar=True,
    help="Remove evidence (videos, logs, reports) that is so old; off keeps it as long as its job.  [default: 30d]",
)
@click.option(
    "--theta",
    metavar="NUMBER",
    type=click.FloatRange(1, 8),
    envvar="QGJOB_THETA",
    show_envvar=True,
    help="When another device installs an app to help: 1 has jobs done soonest, 3 has apps installed least often.  "
    "[default: 1.5]",
)
@click.option("-v", "--verbose", is_flag=True, help="Log every request.")
def server_command(
    *,
    host: str,
    port: int,
    data_dir: Path | None,
    database_url: str | None,
    keep: str | None,
    keep_evidence: str | None,
    theta: float | None,
    verbose: bool,
) -> None:
    """Run a server.

    It runs until SIGTERM or Ctrl-C, and keeps to this machine: an address that others can reach is refused without
    QGJOB_ACCESS=none. Its URL is the one line on stdout, its log goes to stderr.
    """
    from qgjob.server.keep import read_keep  # noqa: PLC0415
    from qgjob.server.run import serve  # noqa: PLC0415  # over a second of imports that `--help` need not pay
    from qgjob.server.settings import read_settings  # noqa: PLC0415

    kept = read_keep(jobs=keep, evidence=keep_evidence)
    settings = read_settings(host=host, port=port, data_dir=data_dir, database_url=database_url, keep=kept, theta=theta)
    serve(settings, on_listening=lambda url: say_text(f"qgjob server listening on {url}"), verbose=verbose)
