"""A real PostgreSQL for tests, chaos and benchmarks: in a temporary folder, on loopback, gone when its starter is gone.

It is no part of the product and uses nothing of the machine's own databases. Trust authentication on loopback: nothing
that matters may be kept in it.
"""

from local_postgres.installation import Installation, NoPostgres, installations, pick
from local_postgres.server import DidNotStart, HowToStop, LocalPostgres, a_postgres, a_standby

__all__ = [
    "DidNotStart",
    "HowToStop",
    "Installation",
    "LocalPostgres",
    "NoPostgres",
    "a_postgres",
    "a_standby",
    "installations",
    "pick",
]
