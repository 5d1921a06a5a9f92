"""The error for what is wrong with the whole host, so that no device on it could do better."""

import shutil
from pathlib import Path

from qgjob.core.errors import InfrastructureError

REST_S = 60.0
"""A person has to look after a full disk or a registry that is away; until then one try a minute is enough."""
LEAST_FREE_BYTES = 16 * 1024 * 1024
"""With less than this a trace or a report can no longer be written, and tests fail for it."""


class HostTrouble(InfrastructureError):
    """This host's disk, network or registry let us down: it should take no work until that is mended.

    No attempt of anybody's is to be spent on it. `rest_s`: how long it should take none, in seconds.
    """

    code = "host_trouble"

    def __init__(self, message: str, *, rest_s: float = REST_S) -> None:
        super().__init__(message)
        self.rest_s = rest_s


def is_full(folder: Path) -> bool:
    """Whether the disk of this folder has no room for what a test leaves behind."""
    return shutil.disk_usage(folder).free < LEAST_FREE_BYTES
