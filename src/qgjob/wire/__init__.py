"""The shapes of what goes over HTTP, as typed dictionaries with their bounds. It refuses to validate or convert.

The server validates strangers' bytes against these shapes with pydantic; the client only types with them, so that
commands and agents start without importing pydantic. Times on the wire are ISO 8601 in UTC.
"""
