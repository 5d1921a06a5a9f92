"""The farm as tools for coding agents, over the Model Context Protocol on stdin and stdout.

What it may change is decided where it is started, never by whoever calls a tool. Source of the protocol:
https://modelcontextprotocol.io/specification.
"""
