"""`python -m qgjob.agent.heartbeat`: the sign of life of an agent, from a process that its tests cannot starve.

It reads what to renew from stdin and writes the server's answers to stdout, one JSON object per line. When stdin ends,
its agent is gone, however it went: then it ends the programs that the agent has left running, and itself.
"""

import argparse
import os
import sys
import threading
from pathlib import Path

from qgjob.agent.heartbeat.beat import SERVER_TIMEOUT_S, Heartbeat
from qgjob.agent.process_record import end_own_life
from qgjob.client import Client


def main() -> None:
    """Renew until stdin ends."""
    parser = argparse.ArgumentParser(prog="qgjob-heartbeat", description=__doc__)
    parser.add_argument("--server", required=True)
    parser.add_argument("--agent-id", required=True)
    parser.add_argument("--record", required=True, type=Path, help="the agent's record of its programs")
    arguments = parser.parse_args()
    heartbeat = Heartbeat(Client(arguments.server, timeout_s=SERVER_TIMEOUT_S), arguments.agent_id, sys.stdout)
    threading.Thread(target=heartbeat.beat, daemon=True).start()
    heartbeat.read(sys.stdin)
    end_own_life(arguments.record)
    os._exit(0)  # the renewing thread may wait for a server that is away


if __name__ == "__main__":
    main()
