"""Refusals that only HTTP knows: bytes that are no JSON, or that do not say they are; callers that are nobody."""

from qgjob.core.errors import Forbidden, InvalidRequest


class Malformed(InvalidRequest):
    """The body is no JSON. Says where reading it stopped."""

    code = "malformed"


class WrongContentType(InvalidRequest):
    """The body says that it is something other than JSON."""

    code = "content_type"


class Unauthenticated(Forbidden):
    """The caller may not do this without saying who it is, and there is no way to say it yet."""

    code = "unauthenticated"
