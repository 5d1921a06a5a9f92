"""The events of a lease, from the wire: told apart by their `kind`, so that a wrong field is named and nothing else."""

from datetime import datetime
from typing import Annotated, assert_never

from annotated_types import MaxLen
from pydantic import Discriminator
from typing_extensions import TypedDict

from qgjob.core import lease as core
from qgjob.core.attempt import Case, CaseResult
from qgjob.core.words import JobId, Sha256
from qgjob.server.shapes.times import read_time
from qgjob.wire import agents as wire
from qgjob.wire.bounds import MOST_EVENTS_PER_REPORT, Name


class ReportBody(TypedDict):
    """`wire.agents.ReportBody`, whose union pydantic is told how to decide."""

    agent_id: Name
    events: Annotated[list[Annotated[wire.Event, Discriminator("kind")]], MaxLen(MOST_EVENTS_PER_REPORT)]


def lease_events(body: ReportBody) -> tuple[core.LeaseEvent, ...]:
    """Read the events of a report. Raises InvalidRequest for a time that is none."""
    return tuple(_event(event, place) for place, event in enumerate(body["events"]))


def _event(event: wire.Event, place: int) -> core.LeaseEvent:  # one line per kind of event
    at = read_time(event["at"], field=f"events.{place}.at")
    if event["kind"] == "install_started":
        return core.InstallStarted(seq=event["seq"], at=at)
    if event["kind"] == "installed":
        return _install_done(event, at)
    if event["kind"] == "install_failed":
        return _install_failed(event, at)
    if event["kind"] == "attempt_started":
        return _attempt_started(event, at)
    if event["kind"] == "case_started":
        return _case_started(event, at)
    if event["kind"] == "case_ended":
        return _case_ended(event, at)
    if event["kind"] == "attempt_ended":
        return _attempt_ended(event, at)
    if event["kind"] == "job_returned":
        return core.JobReturned(seq=event["seq"], at=at, job_id=JobId(event["job_id"]), reason=event["reason"])
    if event["kind"] == "lease_ended":
        return core.LeaseEnded(seq=event["seq"], at=at)
    assert_never(event)


def _install_done(event: wire.Installed, at: datetime) -> core.InstallDone:
    sha256 = event["sha256"]
    return core.InstallDone(
        seq=event["seq"],
        at=at,
        reused=event["reused"],
        seconds=event["seconds"],
        sha256=None if sha256 is None else Sha256(sha256),
        package=event["package"],
        proof=event["proof"],
    )


def _install_failed(event: wire.InstallFailed, at: datetime) -> core.InstallFailed:
    return core.InstallFailed(
        seq=event["seq"], at=at, seconds=event["seconds"], message=event["message"], fault=event["fault"]
    )


def _attempt_started(event: wire.AttemptStarted, at: datetime) -> core.AttemptStarted:
    return core.AttemptStarted(seq=event["seq"], at=at, job_id=JobId(event["job_id"]), attempt=event["attempt"])


def _case_started(event: wire.CaseStarted, at: datetime) -> core.CaseStarted:
    return core.CaseStarted(
        seq=event["seq"], at=at, job_id=JobId(event["job_id"]), attempt=event["attempt"], case=_case(event["case"])
    )


def _case_ended(event: wire.CaseEnded, at: datetime) -> core.CaseEnded:
    result = CaseResult(
        case=_case(event["case"]),
        status=event["status"],
        expected=event["expected"],
        seconds=event["seconds"],
        errors=tuple(event["errors"]),
        session=event["session"],
    )
    return core.CaseEnded(
        seq=event["seq"], at=at, job_id=JobId(event["job_id"]), attempt=event["attempt"], result=result
    )


def _attempt_ended(event: wire.AttemptEnded, at: datetime) -> core.AttemptEnded:
    return core.AttemptEnded(
        seq=event["seq"],
        at=at,
        job_id=JobId(event["job_id"]),
        attempt=event["attempt"],
        verdict=event["verdict"],
        fault=event["fault"],
        message=event["message"],
        seconds=event["seconds"],
        sessions=event["sessions"],
        project_retries=event["project_retries"],
        loss=event.get("loss"),
    )


def _case(body: wire.CaseBody) -> Case:
    return Case(
        case_id=body["case_id"],
        title=body["title"],
        file=body["file"],
        line=body["line"],
        select_line=body.get("select_line", 0),
    )
