"""`python -m qgjob.agent.heartbeat`: the sign of life of an agent, from a process that its tests cannot starve.

It reads what to renew from stdin and writes the server's answers to stdout, one JSON object per line. It does not speak
for an agent that has fallen silent (hung, or stopped): the leases of that one end. When stdin ends, its agent is gone,
however it went: then it ends the programs that the agent has left running, and itself.
"""

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from qgjob.agent.process_record import end_own_life
from qgjob.client import Client
from qgjob.core.errors import QgjobError
from qgjob.wire.agents import RenewBody

SERVER_TIMEOUT_S = 10.0
MOST_SILENCE_S = 60.0
"""Six of the agent's signs: a host that is loaded makes it late, but not by so much."""


class Heartbeat:
    """What to renew, and how often; changed by the thread that reads it, used by the one that renews."""

    def __init__(self, client: Client, agent_id: str, answers: TextIO) -> None:
        self._client = client
        self._agent_id = agent_id
        self._answers = answers
        self._changed = threading.Event()
        self._heard = time.monotonic()
        self._worker_ids: list[str] = []
        self._tokens: list[int] = []
        self._every_s = 1.0

    def read(self, lines: TextIO) -> None:
        """Take in what to renew until there is no more; an empty object only says that the agent is at work."""
        for line in lines:
            told = json.loads(line)
            was_silent, self._heard = self._is_silent, time.monotonic()
            if told:
                self._worker_ids, self._tokens, self._every_s = told["worker_ids"], told["tokens"], told["every_s"]
            if told or was_silent:
                self._changed.set()

    def beat(self) -> None:
        """Renew at once whenever something changed, and then again and again."""
        self._changed.wait()
        while True:
            self._changed.clear()
            self.beat_once()
            self._changed.wait(self._every_s)

    def beat_once(self) -> None:
        """Renew, and write what the server answers; nothing for an agent that is silent."""
        if self._is_silent:
            return
        body = RenewBody(agent_id=self._agent_id, worker_ids=self._worker_ids, tokens=self._tokens)
        try:
            answers: list[object] = [{"lease": state} for state in self._client.leases.renew(body)["leases"]]
        except QgjobError as error:
            answers = [{"error": error.code, "message": error.message}]
        self._answers.writelines(json.dumps(answer) + "\n" for answer in answers)
        self._answers.flush()

    @property
    def _is_silent(self) -> bool:
        return time.monotonic() - self._heard > MOST_SILENCE_S


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
