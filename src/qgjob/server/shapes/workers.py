"""Workers, as shown."""

from qgjob.core.words import Target
from qgjob.core.worker import Installed, Worker
from qgjob.server.shapes.times import shown, shown_if_any
from qgjob.wire.apps import InstalledShown, WorkerShown


def worker_shown(worker: Worker) -> WorkerShown:
    """Show a worker."""
    return WorkerShown(
        worker_id=worker.worker_id,
        name=worker.name,
        target_types=[target for target in Target if target in worker.targets],
        status=worker.status,
        current_jobs=list(worker.current_jobs),
        last_heartbeat=shown(worker.last_heartbeat),
        metadata=dict(worker.metadata),
        agent_id=worker.agent_id,
        platform=worker.platform,
        model=worker.model,
        os_version=worker.os_version,
        serial=worker.serial,
        tags=sorted(worker.tags),
        installed=None if worker.installed is None else _installed_shown(worker.installed),
        draining=worker.draining,
        faults_in_a_row=worker.conduct.faults_in_a_row,
        quarantined_until=shown_if_any(worker.conduct.until_at),
        quarantine_reason=worker.conduct.reason,
    )


def _installed_shown(installed: Installed) -> InstalledShown:
    return InstalledShown(
        org_id=installed.org_id,
        app_version_id=installed.app_version_id,
        sha256=installed.sha256,
        proof=installed.proof,
        installed_at=shown(installed.installed_at),
    )
