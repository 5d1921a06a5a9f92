"""Runs the specs of a lease in one Playwright process that an unmodified Appwright project takes for its own.

It knows nothing of servers, leases and verdicts: it turns a request into a stream of events and files of evidence.
"""

from qgjob.agent.runner.appwright import AppwrightRunner, start_playwright
from qgjob.agent.runner.discovery import Listing, list_cases
from qgjob.agent.runner.driver import Runner
from qgjob.agent.runner.events import (
    Alive,
    Attachment,
    CaseBegan,
    CaseEnded,
    CaseError,
    FailureReason,
    Location,
    Outcome,
    RunBegan,
    RunCrashed,
    RunEnded,
    RunFailed,
    RunnerEvent,
    RunStatus,
    Step,
)
from qgjob.agent.runner.process import RunnerProcess
from qgjob.agent.runner.request import RunnerRequest
from qgjob.agent.runner.results import disagreements

__all__ = [
    "Alive",
    "AppwrightRunner",
    "Attachment",
    "CaseBegan",
    "CaseEnded",
    "CaseError",
    "FailureReason",
    "Listing",
    "Location",
    "Outcome",
    "RunBegan",
    "RunCrashed",
    "RunEnded",
    "RunFailed",
    "RunStatus",
    "Runner",
    "RunnerEvent",
    "RunnerProcess",
    "RunnerRequest",
    "Step",
    "disagreements",
    "list_cases",
    "start_playwright",
]
