"""The typed way to the server: one function per API call, used by the CLI and the agent.

It retries what may be repeated and turns every error into one of `qgjob.core.errors`. It refuses to print, to know the
server's insides, and to import the HTTP library before a client is made, so that `--help` stays fast.
"""

from qgjob.client.client import Client

__all__ = ["Client"]
