"""Agents moved by hand: they take work from a real server and report what a test wants to have happened."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from qgjob.client import Client
from qgjob.core.words import CaseStatus, Fault, Platform, Proof, Target, Verdict
from qgjob.wire.agents import (
    AGENT_PROTOCOL,
    AttemptEnded,
    AttemptStarted,
    CaseEnded,
    ClaimBody,
    Event,
    Installed,
    JobOffer,
    LeaseEnded,
    LeaseOffer,
)

AT = "2026-11-23T02:47:05+00:00"
_FAULTS = {Verdict.FAILED: Fault.TEST, Verdict.INFRA_ERROR: Fault.INFRASTRUCTURE}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One case as the agent is to report it."""

    title: str
    status: CaseStatus = CaseStatus.PASSED
    errors: tuple[str, ...] = ()


class Hand:
    """An agent with one virtual device. It reports each lease whole, as soon as it is told to."""

    def __init__(self, client: Client, *, target: Target = Target.EMULATOR) -> None:
        self._client = client
        self._agent_id = f"agent-{uuid4().hex}"
        registered = client.leases.register(
            {
                "agent_id": self._agent_id,
                "name": "hand",
                "protocol": AGENT_PROTOCOL,
                "version": "1",
                "has_project": False,
                "holding": [],
                "workers": [
                    {
                        "serial": "by-hand",
                        "target": target,
                        "platform": Platform.ANDROID,
                        "os_version": "14",
                        "model": "Virtual Android by hand",
                        "tags": [],
                    }
                ],
            }
        )
        self._worker_id = registered["workers"][0]["worker_id"]
        self._seq = 0

    def run(
        self,
        verdict: Verdict,
        cases: Sequence[Told] = (),
        *,
        evidence: Path | None = None,
        kind: str = "output",
        wait_s: float = 5.0,
    ) -> LeaseOffer:
        """Take one lease and report this of each of its jobs."""
        lease = self.take(wait_s=wait_s)
        self._seq = 0
        events = [self._installed(lease)]
        for job in lease["jobs"]:
            events += self._attempt(job, verdict, cases)
        events.append(LeaseEnded(kind="lease_ended", seq=self._next(), at=AT))
        self._client.leases.report(lease["token"], {"agent_id": self._agent_id, "events": events})
        for job in lease["jobs"] if evidence else []:
            self._upload(job, evidence or Path(), kind)
        return lease

    def take(self, *, wait_s: float = 5.0) -> LeaseOffer:
        """Take the next lease; there must be work."""
        body: ClaimBody = {"agent_id": self._agent_id, "worker_ids": [self._worker_id], "wait_s": wait_s}
        (lease,) = self._client.leases.claim(body)["leases"]
        return lease

    def begin(self) -> JobOffer:
        """Take the next lease and begin its first job, which then goes on for ever; return that job."""
        lease = self.take()
        self._seq = 0
        job = lease["jobs"][0]
        started = AttemptStarted(kind="attempt_started", seq=2, at=AT, job_id=job["job_id"], attempt=job["attempt"])
        body = {"agent_id": self._agent_id, "events": [self._installed(lease), started]}
        self._client.leases.report(lease["token"], body)  # type: ignore[arg-type]  # a report, by its fields
        return job

    def _installed(self, lease: LeaseOffer) -> Event:
        app = lease["app"]
        return Installed(
            kind="installed",
            seq=self._next(),
            at=AT,
            reused=False,
            seconds=1.5,
            sha256=app["sha256"] if app else None,
            package=app["package"] if app else None,
            proof=Proof.CONTENT_HASH,
        )

    def _attempt(self, job: JobOffer, verdict: Verdict, cases: Sequence[Told]) -> Iterator[Event]:
        of = (job["job_id"], job["attempt"])
        yield AttemptStarted(kind="attempt_started", seq=self._next(), at=AT, job_id=of[0], attempt=of[1])
        for line, case in enumerate(cases, start=1):
            yield CaseEnded(
                kind="case_ended",
                seq=self._next(),
                at=AT,
                job_id=of[0],
                attempt=of[1],
                case={"case_id": case.title, "title": case.title, "file": job["test_path"], "line": line},
                status=case.status,
                expected=CaseStatus.SKIPPED if case.status is CaseStatus.SKIPPED else CaseStatus.PASSED,
                seconds=0.5,
                errors=list(case.errors),
                session=True,
            )
        yield AttemptEnded(
            kind="attempt_ended",
            seq=self._next(),
            at=AT,
            job_id=of[0],
            attempt=of[1],
            verdict=verdict,
            fault=_FAULTS.get(verdict),
            message=None,
            seconds=2.0,
            sessions=len(cases),
            project_retries=0,
        )

    def _upload(self, job: JobOffer, file: Path, kind: str) -> None:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        self._client.evidence.upload(
            job["job_id"], job["attempt"], file.name, file, sha256=sha256, kind=kind, agent_id=self._agent_id
        )

    def _next(self) -> int:
        self._seq += 1
        return self._seq
