"""Either database, fresh and with the newest schema, as a copy of one that was migrated: faster than migrating each.

A package whose tests are an exam of both imports `databases` and `postgres` into its conftest.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest

from local_postgres import LocalPostgres
from qgjob.store import Store

Databases = Callable[[], AbstractContextManager[Path | str]]
"""Makes an empty database, and drops it when the block ends."""


def files(folder: Path) -> Databases:
    """SQLite files; `folder` keeps the template."""
    template = folder / "qgjob.db"
    Store.open(template).close()

    @contextmanager
    def fresh() -> Iterator[Path]:
        with TemporaryDirectory() as name:
            path = Path(name) / "qgjob.db"
            copyfile(template, path)
            yield path

    return fresh


def databases_of(server: LocalPostgres) -> Databases:
    """Databases of a PostgreSQL server."""
    template = server.template("qgjob", lambda url: Store.open(url).close())

    @contextmanager
    def fresh() -> Iterator[str]:
        url = server.create_database(template=template)
        try:
            yield url
        finally:
            server.drop_database(url)

    return fresh


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.exam)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """In turn SQLite and PostgreSQL."""
    if request.param == "postgres":
        return databases_of(request.getfixturevalue("postgres"))
    return files(tmp_path_factory.mktemp("template"))
