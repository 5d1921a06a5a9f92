"""How a run stands by the facts so far: which cases are done, which failed, what each device does. Knows no screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgjob.core.words import CaseStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qgjob.wire.apps import FactShown

_OPEN = frozenset({CaseStatus.NOT_RUN.value, CaseStatus.INTERRUPTED.value})
"""Such an execution says nothing of its case, which is still to come."""


@dataclass(frozen=True, kw_only=True)
class Occupation:
    """What a device does for the run, and since when by the server's clock."""

    what: str
    since: str


class Tally:
    """Counts along. `tests`: job id to test path; `cases`: how many there are in all, None where nobody knows.

    One thread tells it; others may ask meanwhile.
    """

    def __init__(self, *, tests: Mapping[str, str], jobs: int, cases: int | None) -> None:
        self._tests = tests
        self._ok: dict[tuple[str, str], bool] = {}
        self._ended: set[str] = set()
        self._devices: dict[str, Occupation] = {}
        self._jobs = jobs
        self._cases = cases

    @property
    def cases_done(self) -> int:
        """How many cases have come to something."""
        return len(self._ok)

    @property
    def cases_failed(self) -> int:
        """How many of them have failed as they stand; a retry may mend that."""
        return list(self._ok.values()).count(False)

    @property
    def cases(self) -> int | None:
        """How many there are in all."""
        return None if self._cases is None else max(self._cases, len(self._ok))

    @property
    def jobs_ended(self) -> int:
        """How many jobs are over."""
        return len(self._ended)

    @property
    def jobs(self) -> int:
        """How many there are in all."""
        return self._jobs

    @property
    def devices(self) -> Mapping[str, Occupation]:
        """What is under way, by worker id, as of now."""
        return dict(self._devices)

    def hear(self, fact: FactShown) -> None:
        """Take one fact in. An unknown one changes nothing."""
        job_id, data = fact["job_id"], fact["data"]
        match fact["kind"]:
            case "case_ended" if job_id and data.get("status") not in _OPEN:
                ok = bool(data.get("ok")) or data.get("status") == CaseStatus.SKIPPED
                self._ok[job_id, str(data.get("case_id"))] = ok
            case "job_ended" if job_id:
                self._ended.add(job_id)
        self._watch_device(fact)

    def _watch_device(self, fact: FactShown) -> None:
        worker_id, data = fact["worker_id"], fact["data"]
        if not worker_id:
            return
        match fact["kind"]:
            case "install_started":
                self._busy(fact, worker_id, f"installing {data.get('app_version_id')}")
            case "attempt_started":
                self._busy(fact, worker_id, f"testing {self._test(fact)}")
            case "case_started":
                self._busy(fact, worker_id, f"testing {self._test(fact)}: {data.get('title')}")
            case "attempt_ended" | "lease_ended" | "install_failed" | "job_returned":
                self._devices.pop(worker_id, None)

    def _busy(self, fact: FactShown, worker_id: str, what: str) -> None:
        self._devices[worker_id] = Occupation(what=what, since=fact["at"])

    def _test(self, fact: FactShown) -> str:
        return self._tests.get(fact["job_id"] or "") or str(fact["data"].get("test_path") or fact["job_id"])
