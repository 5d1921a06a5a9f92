"""How long things last between the server and its workers. The server tells agents; nobody else knows."""

from datetime import timedelta

LEASE = timedelta(seconds=75)
RENEW_EVERY = timedelta(seconds=20)
"""Three renewals may get lost before a lease ends."""
PROTOCOL1_LEASE = timedelta(seconds=300)
"""Protocol-1 workers beat when they like, some of them not while they test."""
OBEDIENCE = timedelta(seconds=120)
"""An agent hears of a wish to stop within RENEW_EVERY and ends a test within half a minute; one that takes so much
longer hangs."""
SILENT_AFTER = timedelta(seconds=90)
"""A worker of an agent that has not been heard of for this long is offline."""
UNATTENDED_AFTER = timedelta(seconds=15)
"""A farm that no server has swept for longer than this was away; they sweep every few seconds."""
