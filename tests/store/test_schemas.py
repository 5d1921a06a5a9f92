"""The two schemas: the same tables, and what PostgreSQL needs to update jobs cheaply."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from qgjob.store import Store

pytestmark = pytest.mark.exam

OURS = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'
"""
INDEXED = """
SELECT DISTINCT attribute.attname
FROM pg_index JOIN pg_attribute AS attribute ON attribute.attrelid = pg_index.indexrelid
WHERE pg_index.indrelid = 'jobs'::regclass
"""
PARTIAL = "SELECT COUNT(*) FROM pg_index WHERE indrelid = 'jobs'::regclass AND indpred IS NOT NULL"
NEVER_UPDATED = {"number", "job_id", "run_number", "group_id", "org_id"}


def test_both_databases_have_the_same_tables_and_columns(path: Path, postgres_url: str) -> None:
    Store.open(path).close()
    Store.open(postgres_url).close()
    with closing(sqlite3.connect(path)) as raw:
        names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        in_sqlite = {
            table: {row[1] for row in raw.execute(f"PRAGMA table_info({table})")} for (table,) in names.fetchall()
        }
    with psycopg.connect(postgres_url) as connection:
        tables = [row[0] for row in connection.execute(OURS).fetchall()]
        in_postgres = {table: {row[0] for row in connection.execute(COLUMNS, [table]).fetchall()} for table in tables}

    assert in_sqlite == in_postgres


def test_no_index_goes_by_what_changes_in_a_job(postgres_url: str) -> None:
    """An update that touches no index stays in its page: half of what is written otherwise."""
    Store.open(postgres_url).close()
    with psycopg.connect(postgres_url) as connection:
        indexed = {row[0] for row in connection.execute(INDEXED).fetchall()}
        partial = connection.execute(PARTIAL).fetchone()

    assert indexed <= NEVER_UPDATED
    assert partial == (0,)
