"""How long a server keeps what has ended, as people write it: `90d`, `12h`, `off`."""

import re
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.errors import ConfigurationError

OFF = "off"
DEFAULT_EVIDENCE = "30d"
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_WRITTEN = re.compile(r"(?P<count>[1-9][0-9]{0,4})(?P<unit>[hdw])")


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How long jobs are kept after their end, and evidence after it was stored. None: for ever."""

    jobs: timedelta | None = None
    evidence: timedelta | None = timedelta(days=30)


def read_keep(*, jobs: str | None, evidence: str | None) -> Keep:
    """Read how long to keep things; None and empty: as long as by default. Raises ConfigurationError."""
    return Keep(jobs=_length(jobs or OFF, "--keep"), evidence=_length(evidence or DEFAULT_EVIDENCE, "--keep-evidence"))


def _length(text: str, name: str) -> timedelta | None:
    if text == OFF:
        return None
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ConfigurationError(f"{name} {text!r} is no length of time: write hours, days or weeks as 12h, 90d, 4w.")
    return int(written["count"]) * _UNITS[written["unit"]]
