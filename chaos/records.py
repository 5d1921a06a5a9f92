"""Reads what a run has left: the database, by nobody's code but its own driver, and what devices and programs wrote."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from chaos.farm import Agent, Farm

Row = Mapping[str, object]
_TABLES = ("jobs", "runs", "groups", "leases", "attempts", "cases", "installs", "workers", "facts")
_ORDER = {"facts": "fact_id", "leases": "token", "attempts": "job_id, number", "cases": "job_id, attempt, seq"}


@dataclass(frozen=True, kw_only=True)
class Installs:
    """The hashes that one fake device was given, oldest first.

    `may_be_lost`: so many were perhaps never reported, because their agent was killed before its journal had them.
    """

    worker_name: str
    hashes: Sequence[str]
    may_be_lost: int


@dataclass(frozen=True, kw_only=True)
class Records:
    """Whole tables, a row each; facts in the order of the commits with their data read."""

    tables: Mapping[str, Sequence[Row]]
    facts: Sequence[Row]
    devices: Sequence[Installs]
    undelivered: Mapping[str, Sequence[str]]
    server_errors: Sequence[str]
    agent_errors: Sequence[str]

    def __getitem__(self, table: str) -> Sequence[Row]:
        return self.tables[table]


def read_records(farm: Farm) -> Records:
    """Read everything."""
    tables = _tables(farm.database)
    return Records(
        tables=tables,
        facts=[{**fact, "data": json.loads(str(fact["data"]))} for fact in tables["facts"]],
        devices=[installs for agent in farm.agents for installs in _devices(agent)],
        undelivered={agent.program.log.stem: agent.undelivered() for agent in farm.agents},
        server_errors=[error for server in farm.servers for error in _server_errors(server.program.log)],
        agent_errors=[error for agent in farm.agents for error in _tracebacks(agent.program.log)],
    )


def _tables(database: str | Path) -> Mapping[str, Sequence[Row]]:
    statements = {
        table: f"SELECT * FROM {table} ORDER BY {_ORDER.get(table, 'number')}"  # noqa: S608  # names of our own
        for table in _TABLES
    }
    if isinstance(database, Path):
        with sqlite3.connect(database) as connection:
            connection.row_factory = sqlite3.Row
            return {name: [dict(row) for row in connection.execute(text)] for name, text in statements.items()}
    with psycopg.connect(database, row_factory=dict_row) as server:
        return {name: server.execute(text.encode()).fetchall() for name, text in statements.items()}


def _devices(agent: Agent) -> list[Installs]:
    name = agent.program.disk.folder.name
    return [
        Installs(
            worker_name=f"{name}/{serial} (fake)",
            hashes=_hashes(agent.device(number) / "record.jsonl"),
            may_be_lost=agent.program.hard_ends,
        )
        for number, serial in enumerate(agent.serials)
    ]


def _hashes(record: Path) -> list[str]:
    if not record.exists():
        return []
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return [line["sha256"] for line in lines if "sha256" in line]


def _server_errors(log: Path) -> list[str]:
    """What a server logged that nobody had foreseen."""
    errors = []
    for text in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        trace = str(line.get("exception", "")).strip().splitlines()
        last = trace[-1] if trace else ""
        if trace and not _was_foreseen(str(line.get("event")), last):
            errors.append(f"{log.stem}: {line.get('event')} {line.get('path', '')}: {last}")
    return errors


def _was_foreseen(event: str, error: str) -> bool:
    """A sweep fails while the database is away; a request that is still at work ends with the grace of a shutdown."""
    return (event == "sweep_failed" and "Unavailable" in error) or "timeout graceful shutdown exceeded" in error


def _tracebacks(log: Path) -> list[str]:
    """The last lines of the tracebacks that an agent wrote."""
    errors, inside = [], False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("Traceback "):
            inside = True
        elif inside and line and not line.startswith(" "):
            errors.append(f"{log.stem}: {line}")
            inside = False
    return errors
