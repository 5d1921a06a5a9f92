"""How jobs are to be run and on what devices, and how that becomes the body of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qgjob.core.errors import ConfigurationError
from qgjob.wire.bounds import MOST_JOBS_PER_RUN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qgjob.core.words import Priority, ResetMode, Target
    from qgjob.wire.jobs import RunBody, RunItem


@dataclass(frozen=True, kw_only=True)
class WantedDevice:
    """What a device must be to run a job; `pin`: where it rather runs. None: whatever it is."""

    target: Target
    os_version: str | None = None
    model: str | None = None
    tags: Sequence[str] = ()
    pin: str | None = None

    def fields(self) -> RunItem:
        """Say it as a job of a run does."""
        return {
            "target": self.target,
            "os_version": self.os_version,
            "model": self.model,
            "tags": list(self.tags),
            "pin": self.pin,
        }


@dataclass(frozen=True, kw_only=True)
class JobTerms:
    """How every job of a submission is to be run; None leaves it to the project and the server.

    `deadline` is a length of time in seconds from when the server has the jobs, or a moment.
    """

    priority: Priority
    reset: ResetMode
    max_retries: int | None
    retry_budget: int | None
    run_timeout_s: float | None
    idle_timeout_s: float | None
    queue_timeout_s: float | None
    only: bool
    require_worker: bool
    deadline: float | datetime | None = None
    supersede: str | None = None
    grep: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tests:
    """What is tested and where: each of the paths once on each of the devices.

    `appwright_project` is a name in the project's config.
    """

    org_id: str
    app_version_id: str
    appwright_project: str | None
    paths: Sequence[str]
    devices: Sequence[WantedDevice]


def run_body(tests: Tests, terms: JobTerms) -> RunBody:
    """Write the run without its bundle and platform. Raises ConfigurationError when it is too many jobs for one run."""
    _refuse_too_many(tests)
    body: RunBody = {
        "org_id": tests.org_id,
        "app_version_id": tests.app_version_id,
        "priority": terms.priority,
        "reset": terms.reset,
        "max_retries": terms.max_retries,
        "retry_budget": terms.retry_budget,
        "timeout_s": terms.run_timeout_s,
        "idle_timeout_s": terms.idle_timeout_s,
        "queue_timeout_s": terms.queue_timeout_s,
        "supersede": terms.supersede,
        "project": tests.appwright_project,
        "only": terms.only,
        "require_worker": terms.require_worker,
        "metadata": dict(terms.metadata),
        "jobs": [{"test_path": path, **device.fields()} for device in tests.devices for path in tests.paths],
    }
    if terms.grep is not None:
        body["grep"] = terms.grep
    if isinstance(terms.deadline, float):
        body["deadline_in_s"] = terms.deadline
    elif terms.deadline is not None:
        body["deadline"] = terms.deadline.isoformat()
    return body


def _refuse_too_many(tests: Tests) -> None:
    jobs = len(tests.paths) * len(tests.devices)
    if jobs > MOST_JOBS_PER_RUN:
        on = f" on each of {len(tests.devices)} kinds of device" if len(tests.devices) > 1 else ""
        raise ConfigurationError(
            f"that is {jobs:,} jobs ({len(tests.paths):,} test paths{on}), and a run has {MOST_JOBS_PER_RUN:,} at "
            "most: name fewer paths or devices, or make one job of each file"
        )
