"""The farm as a whole: its health, its devices, what it has done and what it has saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgjob.cli.tables import Column, Table
from qgjob.cli.views.moments import duration, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qgjob.cli.say import Block
    from qgjob.wire.apps import HealthShown, InstalledShown, WorkerShown
    from qgjob.wire.jobs import StatsShown

_STATS_COLUMNS = (Column(title="What", whole=True), Column(title="How much", right=True, whole=True))
_WORKER_COLUMNS = (
    Column(title="Worker ID", whole=True),
    Column(title="Name"),
    Column(title="Device"),
    Column(title="Targets"),
    Column(title="Status", whole=True),
    Column(title="Installed"),
    Column(title="Jobs", right=True),
    Column(title="Last heartbeat", whole=True),
)


def health_view(health: HealthShown, *, server_url: str) -> Iterator[Block]:
    """Show in one row which server, whether it is well, its version."""
    columns = ("Server", "Status", "Version", "Time")
    row = (server_url, health["status"], health["version"], moment(health["timestamp"]))
    yield Table(columns=tuple(Column(title=title, whole=True) for title in columns), rows=(row,))


def stats_view(stats: StatsShown) -> Iterator[Block]:
    """Show jobs, fleet and ledger. The ledger counts what devices did."""
    rows = (
        ("Jobs", str(stats["total_jobs"])),
        ("  pending", str(stats["pending_jobs"])),
        ("  queued", str(stats["queued_jobs"])),
        ("  running", str(stats["running_jobs"])),
        ("  completed", str(stats["completed_jobs"])),
        ("  failed", str(stats["failed_jobs"])),
        ("  cancelled", str(stats["cancelled_jobs"])),
        ("Groups", str(stats["total_groups"])),
        ("Workers", str(stats["total_workers"])),
        ("  active", str(stats["active_workers"])),
        ("Sessions on devices", str(stats["sessions"])),
        ("Installs done", str(stats["installs"])),
        ("Installs of stock Appwright", str(stats["installs_stock"])),
        ("Installs avoided", str(stats["installs_avoided"])),
        ("Device time installing", duration(stats["install_seconds"])),
        ("Device time testing", duration(stats["test_seconds"])),
        ("Device time idle and warm", duration(stats["idle_seconds"])),
    )
    yield Table(columns=_STATS_COLUMNS, rows=rows)


def workers_view(workers: Sequence[WorkerShown]) -> Iterator[Block]:
    """Show one row per device slot, with what it holds."""
    yield Table(columns=_WORKER_COLUMNS, rows=tuple(_worker_row(worker) for worker in workers))
    for worker in workers:
        if worker["quarantined_until"] is not None:
            yield ""
            yield f"✗ {worker['name']}: in quarantine until {moment(worker['quarantined_until'])}, then on probation"
            yield f"    {next(iter((worker['quarantine_reason'] or '').splitlines()), '')}"


def _worker_row(worker: WorkerShown) -> tuple[str, ...]:
    return (
        worker["worker_id"],
        worker["name"],
        _device(worker),
        ", ".join(worker["target_types"]),
        worker["status"],
        _installed(worker["installed"]),
        str(len(worker["current_jobs"])),
        moment(worker["last_heartbeat"]),
    )


def _device(worker: WorkerShown) -> str:
    """Name what is known of the device; a protocol-1 worker says nothing."""
    parts = (worker["model"], " ".join(part for part in (worker["platform"], worker["os_version"]) if part))
    return ", ".join(part for part in parts if part) or "-"


def _installed(installed: InstalledShown | None) -> str:
    return f"{installed['app_version_id']} of {installed['org_id']}" if installed else "-"
