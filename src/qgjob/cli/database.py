"""Which database a command opens itself: named as for `qgjob server`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class FarmData:
    """Where a farm keeps its data: `database` is a SQLite file, or the URL of a PostgreSQL database."""

    folder: Path
    database: Path | str


def with_farm_data(command: Callable[Concatenate[FarmData, P], R]) -> Callable[P, R]:
    """Add the options that name a farm's data and hand it to the command, as its first argument."""

    @wraps(command)
    def named(*args: P.args, **kwargs: P.kwargs) -> R:
        folder, url = kwargs.pop("data_dir"), kwargs.pop("database_url")
        return command(_farm_data(folder, url), *args, **kwargs)  # type: ignore[arg-type]  # Click made their types

    for option in (
        click.option(
            "--database-url",
            metavar="URL",
            envvar="QGJOB_DATABASE_URL",
            show_envvar=True,
            help="The database, as sqlite:///relative, sqlite:////absolute or postgresql://user@host/name.  "
            "[default: qgjob.db in the data folder]",
        ),
        click.option(
            "--data-dir",
            metavar="DIR",
            type=click.Path(path_type=Path, file_okay=False),
            envvar="QGJOB_DATA_DIR",
            show_envvar=True,
            help="Where the farm keeps its data.  [default: ~/.local/share/qgjob]",
        ),
    ):
        named = option(named)
    return named


def _farm_data(data_dir: Path | None, database_url: str | None) -> FarmData:
    from qgjob.server.settings import default_data_dir  # noqa: PLC0415  # the store's drivers come with what follows
    from qgjob.store.place import place_of  # noqa: PLC0415

    folder = data_dir or default_data_dir(os.environ)
    return FarmData(folder=folder, database=place_of(database_url) if database_url else folder / "qgjob.db")
