"""The words of the farm that have few legal values, and the types of its ids. One word per thing, everywhere."""

from enum import StrEnum
from typing import NewType

OrgId = NewType("OrgId", str)
AppVersionId = NewType("AppVersionId", str)
JobId = NewType("JobId", str)
RunId = NewType("RunId", str)
GroupId = NewType("GroupId", str)
WorkerId = NewType("WorkerId", str)
AgentId = NewType("AgentId", str)
LeaseToken = NewType("LeaseToken", int)
"""The key of a lease and its fencing token: it only ever grows, so an older lease is always the smaller number."""
Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""


class Target(StrEnum):
    """What kind of device a job asks for."""

    EMULATOR = "emulator"
    DEVICE = "device"
    BROWSERSTACK = "browserstack"


class Platform(StrEnum):
    """The operating system an app binary is for."""

    ANDROID = "android"
    IOS = "ios"


class BinaryKind(StrEnum):
    """What an app binary runs on: an iOS app is built for one of them, an APK runs on both and counts as DEVICE."""

    DEVICE = "device"
    SIMULATOR = "simulator"


class Priority(StrEnum):
    """How soon a job should run, weakest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class JobStatus(StrEnum):
    """Where a job is in its life; the moves between these are the table in `core.lifecycle`."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """A final status never changes again."""
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


class Verdict(StrEnum):
    """How an attempt, and in the end a job, came out."""

    PASSED = "passed"
    FLAKY = "flaky"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    APP_ERROR = "app_error"
    CONFIGURATION_ERROR = "configuration_error"
    INFRA_ERROR = "infra_error"
    NO_TESTS = "no_tests"
    CANCELLED = "cancelled"


class Fault(StrEnum):
    """Whose problem a failure is: it decides who is told and what is tried again."""

    TEST = "test"
    APP = "app"
    INFRASTRUCTURE = "infrastructure"
    CONFIGURATION = "configuration"
    US = "us"


class Loss(StrEnum):
    """What went down with an attempt that infrastructure lost. HOST: everything on its host did, whatever it ran."""

    DEVICE = "device"
    RUNNER = "runner"
    AGENT = "agent"
    HOST = "host"


class CaseStatus(StrEnum):
    """How one execution of one case ended, in Playwright's words; NOT_RUN is ours, for a case that was never begun."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timedOut"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"
    NOT_RUN = "not_run"


class CaseOutcome(StrEnum):
    """What a case came to in a job, over all its executions there; the counts of jobs and runs go by these words."""

    PASSED = "passed"
    FAILED = "failed"
    FLAKY = "flaky"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"


class ResetMode(StrEnum):
    """What happens to the app's data between two cases: cleared, kept, or the app installed afresh for each lease."""

    CLEAR = "clear"
    KEEP = "keep"
    FRESH = "fresh"


class WorkerStatus(StrEnum):
    """What a worker is doing, as its last sign of life and its lease tell."""

    IDLE = "idle"
    BUSY = "busy"
    OFFLINE = "offline"
    DRAINING = "draining"
    QUARANTINED = "quarantined"


class Proof(StrEnum):
    """What a device could show of the app it holds: its own hash of the bytes, package and version, or nothing.

    FAKE: there is no device, and what it says is worth nothing.
    """

    CONTENT_HASH = "content_hash"
    PACKAGE_VERSION = "package_version"
    FAKE = "fake"
    NONE = "none"
