"""Times on the wire: ISO 8601 in UTC with offset."""

from datetime import UTC, datetime

from qgjob.core.errors import FieldProblem, InvalidRequest


def shown(at: datetime) -> str:
    """Spell a time."""
    return at.astimezone(UTC).isoformat()


def shown_if_any(at: datetime | None) -> str | None:
    """Spell a time that may not have come yet."""
    return None if at is None else shown(at)


def read_time(text: str, *, field: str) -> datetime:
    """Read a time with its offset. Raises InvalidRequest naming `field`."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    problem = FieldProblem(
        field=field, message="must be an ISO 8601 time with its offset, like 2026-11-23T08:00:00+00:00"
    )
    raise InvalidRequest(f"{field} {problem.message}.", [problem])
