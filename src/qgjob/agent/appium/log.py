"""Takes the lines of single sessions out of the log that all sessions of an Appium share."""

import re
from collections.abc import Collection

_SHORT_ID = 8  # characters of a session's id that Appium writes before its lines
_BEGINS = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3} - ?")
_OWNER = re.compile(rb"\[([0-9a-f]{8})\]")


def lines_of_sessions(log: bytes, session_ids: Collection[str]) -> bytes:
    """Return the lines that Appium marked with one of these ids or that name one in full, with their continuations.

    Lines that belong to no session are left out: a request to create one shows whose it is only in its answer.
    """
    short = {session_id[:_SHORT_ID].encode() for session_id in session_ids}
    full = [session_id.encode() for session_id in session_ids]
    kept = []
    wanted = False
    for line in log.splitlines(keepends=True):
        stamp = _BEGINS.match(line)
        if stamp is not None:  # else it continues the one before
            owner = _OWNER.match(line, stamp.end())
            wanted = owner[1] in short if owner is not None else any(session_id in line for session_id in full)
        if wanted:
            kept.append(line)
    return b"".join(kept)
