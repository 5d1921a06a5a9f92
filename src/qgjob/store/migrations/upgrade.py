"""Run Alembic's upgrade on a connection that the store opened. The only place that knows Alembic's configuration."""

import sqlite3
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool


def upgrade_sqlite(raw: sqlite3.Connection) -> None:
    """Upgrade to the newest revision; `raw` stays open. Raises the errors of the driver, without SQLAlchemy around."""
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", _begin)
    _upgrade(engine)


def upgrade_postgres(raw: psycopg.Connection) -> None:
    """Upgrade to the newest revision. Raises the errors of the driver, without SQLAlchemy around."""
    raw.autocommit = False
    engine = create_engine("postgresql+psycopg://", creator=lambda: raw, poolclass=StaticPool)
    _upgrade(engine)


def _upgrade(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise error.orig or error from error


def _begin(connection: Connection) -> None:
    """Begin for real: the driver is in autocommit, and a half-made schema must not stay behind."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
