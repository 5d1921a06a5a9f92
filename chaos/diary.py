"""What the users were told, written down before they go on: the farm is held to every word of it."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A job whose 201 came, as it was asked for."""

    job_id: str
    org_id: str
    app_version_id: str
    test_path: str
    max_retries: int | None
    timeout_s: float | None
    queue_timeout_s: float | None
    reset: str
    retry_of: str | None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A final state as somebody saw it."""

    status: str
    verdict: str
    completed_at: str


@dataclass(kw_only=True)
class Diary:
    """One run's. `complaints` are promises that the users themselves saw broken."""

    path: Path
    jobs: dict[str, Accepted] = field(default_factory=dict)
    runs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, Ending] = field(default_factory=dict)
    wishes_to_cancel: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    """Jobs whose worker of protocol 1 was told that its report of success was taken."""
    complaints: list[str] = field(default_factory=list)
    answers: int = 0

    def write(self, line: Mapping[str, object]) -> None:
        """Keep a line, durably."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.answers += 1

    def accept(self, job: Accepted) -> None:
        """Know a job that was accepted."""
        self.jobs[job.job_id] = job

    def see(self, job_id: str, ending: Ending) -> None:
        """Compare a final state with what it was before."""
        before = self.endings.setdefault(job_id, ending)
        if before != ending:
            self.complain(f"promise 1: job {job_id} was final as {before} and later as {ending}")

    def complain(self, sentence: str) -> None:
        """Note a broken promise."""
        self.complaints.append(sentence)
        self.write({"complaint": sentence})

    @property
    def unfinished(self) -> list[str]:
        """Jobs that nobody has seen final yet."""
        return [job_id for job_id in self.jobs if job_id not in self.endings]
