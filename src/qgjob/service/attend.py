"""Attend to the farm: sweep it, and take from nobody the time in which no server did.

While no server swept (all were down, frozen or without their database) nobody could renew either, so that time does not
count. It is told from the time of the last sweep, which is the farm's and not a server's: one that joins a living farm
finds it swept a moment ago and prolongs nothing. A clock that jumped looks the same, and is treated the same.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from qgjob.core.timing import LEASE, OBEDIENCE, PROTOCOL1_LEASE, UNATTENDED_AFTER
from qgjob.service.limits import TimedOut, keep_limits
from qgjob.service.sweep import Swept, sweep
from qgjob.store import Transaction
from qgjob.store.clock import from_micros


@dataclass(frozen=True, kw_only=True)
class Attended:
    """What a sweep did. `away`: for how long nobody had swept before, where that was made up for; else zero."""

    swept: Swept
    away: timedelta
    timed_out: TimedOut = field(default_factory=TimedOut)


def attend(tx: Transaction) -> Attended | None:
    """Sweep, after making up for a time in which nobody did; None while another server is at it.

    To be called when a server starts and every few seconds from then on.
    """
    tx.execute("make_beat")
    beat = tx.row("take_beat")
    if beat is None:
        return None
    away = tx.now - from_micros(beat["swept_at"])
    if abs(away) <= UNATTENDED_AFTER:
        since_at = from_micros(beat["attended_since_at"])
        tx.execute("note_beat", now=tx.now, attended_since_at=since_at)
        swept = sweep(tx)
        return Attended(swept=swept, away=timedelta(0), timed_out=_keep_limits(tx, attended_for=tx.now - since_at))
    tx.execute("note_beat", now=tx.now, attended_since_at=tx.now)
    for protocol1, whole in ((False, LEASE), (True, PROTOCOL1_LEASE)):
        tx.execute("shift_leases", protocol1=protocol1, by_us=away, latest_at=tx.now + whole)
    return Attended(swept=sweep(tx), away=away)


def _keep_limits(tx: Transaction, *, attended_for: timedelta) -> TimedOut:
    """Keep limits of time, except soon after nobody was there: what ended meanwhile is only now being told."""
    return keep_limits(tx) if attended_for >= OBEDIENCE else TimedOut()
