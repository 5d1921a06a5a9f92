"""The one family of errors. Each has a stable code, a sentence for the person, and whose problem it is.

Raised where the problem is known, translated once at each edge (`server.problems` to HTTP, `cli.say` to an exit code).
A message says what was tried, with which thing, and what to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qgjob.core.words import Fault


class QgjobError(Exception):
    """The root of the family. `code` is stable and may be relied on by scripts; `fault` is whose problem it is."""

    code: str = "internal"
    fault: Fault = Fault.US

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigurationError(QgjobError):
    """The project, the bundle, the settings or the job is wrong; trying again changes nothing."""

    code = "configuration"
    fault = Fault.CONFIGURATION


class AppError(QgjobError):
    """The app under test cannot be installed or does not start; trying again changes nothing."""

    code = "app"
    fault = Fault.APP


class InfrastructureError(QgjobError):
    """A device, a host, a network or a registry let us down; somewhere else or later it may work."""

    code = "infrastructure"
    fault = Fault.INFRASTRUCTURE


class BinaryError(QgjobError):
    """The bytes are not an app binary that we can read."""

    code = "not_an_app"
    fault = Fault.CONFIGURATION


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One field of a request and what is wrong with it; `item` is its place in a list of jobs, if it came in one."""

    field: str
    message: str
    item: int | None = None


class InvalidRequest(QgjobError):
    """A request with values that are not legal. Names every field at fault; nothing was stored."""

    code = "invalid"
    fault = Fault.CONFIGURATION

    def __init__(self, message: str, problems: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class MissingFields(InvalidRequest):
    """A request without fields that it must have. Names all of them; nothing was stored."""

    code = "missing"


class KeyReused(InvalidRequest):
    """A request under the idempotency key of another one; nothing was done."""

    code = "key_reused"


class NotFound(QgjobError):
    """There is no such thing for this caller."""

    code = "not_found"
    fault = Fault.CONFIGURATION


class Conflict(QgjobError):
    """The request contradicts what is already so; nothing was changed."""

    code = "conflict"
    fault = Fault.CONFIGURATION


class NoWorker(Conflict):
    """The jobs are wanted only if somebody can serve them, and nobody can now; nothing was stored."""

    code = "no_worker"


class IllegalTransition(Conflict):
    """The lifecycle has no move for this event in this state; nothing was changed."""

    code = "illegal_transition"


class TooLarge(QgjobError):
    """More bytes or more items than we accept."""

    code = "too_large"
    fault = Fault.CONFIGURATION


class Unavailable(QgjobError):
    """The farm cannot do this now (disk full, database gone, queue full); the same request may work later."""

    code = "unavailable"
    fault = Fault.INFRASTRUCTURE

    def __init__(self, message: str, *, retry_after_s: int = 5) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Forbidden(QgjobError):
    """The caller may not do this."""

    code = "forbidden"
    fault = Fault.CONFIGURATION


class Unreachable(QgjobError):
    """No server answered at this address."""

    code = "unreachable"
    fault = Fault.INFRASTRUCTURE
