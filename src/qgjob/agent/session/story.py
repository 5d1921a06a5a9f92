"""Puts what happened under a lease into events for the wire, numbered in order and cut to the wire's bounds."""

from collections.abc import Callable
from datetime import UTC, datetime

from qgjob.agent.session.verdict import Judgement
from qgjob.core.attempt import MOST_ERROR_CHARACTERS, MOST_ERRORS_PER_CASE, Case, CaseResult
from qgjob.core.errors import QgjobError
from qgjob.core.lease import LeasedJob
from qgjob.core.words import Proof, Sha256
from qgjob.wire.agents import (
    AttemptEnded,
    AttemptStarted,
    CaseBody,
    CaseEnded,
    CaseStarted,
    Event,
    Installed,
    InstallFailed,
    InstallStarted,
    JobReturned,
    LeaseEnded,
)

_MOST_TEXT = 8000
_MOST_TITLE = 1000
_MOST_ID = 200


class LeaseStory:
    """Tells what happens under one lease, to `listener`, as it happens. One method per kind of event."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener
        self._last_seq = 0

    def install_started(self) -> None:
        """The device begins to install the app."""
        self._listener(InstallStarted(kind="install_started", seq=self._next(), at=_now()))

    def installed(
        self, *, reused: bool, seconds: float, sha256: Sha256 | None, package: str | None, proof: Proof
    ) -> None:
        """The app is on the device, proven so far."""
        self._listener(
            Installed(
                kind="installed",
                seq=self._next(),
                at=_now(),
                reused=reused,
                seconds=seconds,
                sha256=sha256,
                package=package,
                proof=proof,
            )
        )

    def install_failed(self, *, seconds: float, error: QgjobError) -> None:
        """The app could not be installed."""
        self._listener(
            InstallFailed(
                kind="install_failed",
                seq=self._next(),
                at=_now(),
                seconds=seconds,
                message=_cut(error.message, _MOST_TEXT),
                fault=error.fault,
            )
        )

    def attempt_started(self, job: LeasedJob) -> None:
        """The runner has started on a job."""
        self._listener(
            AttemptStarted(kind="attempt_started", seq=self._next(), at=_now(), job_id=job.job_id, attempt=job.attempt)
        )

    def case_started(self, job: LeasedJob, case: Case) -> None:
        """A case has begun."""
        self._listener(
            CaseStarted(
                kind="case_started",
                seq=self._next(),
                at=_now(),
                job_id=job.job_id,
                attempt=job.attempt,
                case=_case(case),
            )
        )

    def case_ended(self, job: LeasedJob, result: CaseResult) -> None:
        """A case has ended."""
        self._listener(
            CaseEnded(
                kind="case_ended",
                seq=self._next(),
                at=_now(),
                job_id=job.job_id,
                attempt=job.attempt,
                case=_case(result.case),
                status=result.status,
                expected=result.expected,
                seconds=result.seconds,
                errors=[_cut(error, MOST_ERROR_CHARACTERS) for error in result.errors[:MOST_ERRORS_PER_CASE]],
                session=result.session,
            )
        )

    def attempt_ended(
        self, job: LeasedJob, judgement: Judgement, *, seconds: float, sessions: int, project_retries: int | None
    ) -> None:
        """An attempt has ended so."""
        message = judgement.message
        self._listener(
            AttemptEnded(
                kind="attempt_ended",
                seq=self._next(),
                at=_now(),
                job_id=job.job_id,
                attempt=job.attempt,
                verdict=judgement.verdict,
                fault=judgement.fault,
                message=None if message is None else _cut(message, _MOST_TEXT),
                seconds=seconds,
                sessions=sessions,
                project_retries=project_retries,
                loss=judgement.loss,
            )
        )

    def job_returned(self, job: LeasedJob, reason: str) -> None:
        """A job that was not begun goes back."""
        self._listener(
            JobReturned(
                kind="job_returned", seq=self._next(), at=_now(), job_id=job.job_id, reason=_cut(reason, _MOST_TEXT)
            )
        )

    def lease_ended(self) -> None:
        """The worker is free again."""
        self._listener(LeaseEnded(kind="lease_ended", seq=self._next(), at=_now()))

    def _next(self) -> int:
        self._last_seq += 1
        return self._last_seq


def _case(case: Case) -> CaseBody:
    return CaseBody(
        case_id=_cut(case.case_id, _MOST_ID),
        title=_cut(case.title, _MOST_TITLE),
        file=_cut(case.file, _MOST_TITLE),
        line=case.line,
        select_line=case.select_line,
    )


def _cut(text: str, most: int) -> str:
    """Keep the beginning, where people say what is wrong, without what the server must refuse.

    That is NUL, and the halves of characters that JavaScript lets stand alone.
    """
    mark = " … (cut)"
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
    return text if len(text) <= most else text[: most - len(mark)] + mark


def _now() -> str:
    return datetime.now(UTC).isoformat()
