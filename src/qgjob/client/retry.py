"""Which calls are repeated after an error, and how long to wait before: a rule, without a clock of its own."""

from qgjob.core.errors import QgjobError, Unavailable, Unreachable

_WAITS_S = (0.2, 0.8)
"""Short: a person waits at a prompt. The agent has a patience of its own above this."""
_LONGEST_WAIT_S = 5.0


def wait_before_retry(error: QgjobError, *, tries: int) -> float | None:
    """Seconds to wait before asking again after `tries` failed tries; None: give up and raise the error.

    Only for calls that may be repeated. A server that is away or busy is asked again, every other answer stands.
    """
    if not isinstance(error, Unreachable | Unavailable) or tries > len(_WAITS_S):
        return None
    if isinstance(error, Unavailable):
        return min(float(error.retry_after_s), _LONGEST_WAIT_S)
    return _WAITS_S[tries - 1]
