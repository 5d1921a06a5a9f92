"""The endpoints, one file per resource. A handler reads, calls one verb and shows what it returned."""

from qgjob.server.segments import register_segments

register_segments()  # before any route is made
