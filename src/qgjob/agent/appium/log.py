"""Takes the lines of one device's sessions out of the log that all sessions of an Appium share."""

import re
from collections.abc import Collection

_SHORT_ID = 8  # characters of a session's id that Appium writes before its lines
_BEGINS = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3} - ?")
_OWNER = re.compile(rb"\[([0-9a-f]{8})\]")
_ASKED = re.compile(rb"\[(\w+@[0-9a-f]+)\] Creating session with W3C capabilities: (\{\n.*?\n\})\n", re.DOTALL)
_CREATED = re.compile(rb"\[[0-9a-f]{8}\]\[(\w+@[0-9a-f]+)\] Session created with session id: ([0-9a-f-]+)")


def lines_of_device(log: bytes, serial: str) -> bytes:
    """Return what the log says of the sessions that were asked for with this serial, those that failed included.

    A session that began before the log's first line is not known to be the device's.
    """
    udid = f'"appium:udid": "{serial}"'.encode()
    drivers = {driver for driver, capabilities in _ASKED.findall(log) if udid in capabilities}
    return lines_of_sessions(log, [session.decode() for driver, session in _CREATED.findall(log) if driver in drivers])


def lines_of_sessions(log: bytes, session_ids: Collection[str]) -> bytes:
    """Return the lines that Appium marked with one of these ids or that name one in full, with their continuations."""
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
