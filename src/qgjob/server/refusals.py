"""Refusals that only HTTP knows: bytes that are no JSON, or that do not say they are."""

from qgjob.core.errors import InvalidRequest


class Malformed(InvalidRequest):
    """The body is no JSON. Says where reading it stopped."""

    code = "malformed"


class WrongContentType(InvalidRequest):
    """The body says that it is something other than JSON."""

    code = "content_type"
