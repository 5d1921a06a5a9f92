"""The server that the client is examined against logs as it does in its own tests."""

from tests.server.conftest import plain_logs

__all__ = ["plain_logs"]
