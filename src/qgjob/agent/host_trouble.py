"""The error for what is wrong with the whole host, so that no device on it could do better."""

from qgjob.core.errors import InfrastructureError


class HostTrouble(InfrastructureError):
    """This host's disk, network or registry let us down: it should take no work until that is mended.

    No attempt of anybody's is to be spent on it.
    """

    code = "host_trouble"
