"""What the heartbeat process does: renews what it was told, and hands the answers on.

It does not speak for an agent that has fallen silent (hung, or stopped): the leases of that one end.
"""

import json
import threading
import time
from typing import TextIO

from qgjob.client import Client
from qgjob.core.errors import QgjobError
from qgjob.wire.agents import RenewBody

SERVER_TIMEOUT_S = 10.0
MOST_SILENCE_S = 10.0
"""Three of the agent's signs. One that is late, as on a loaded host, costs nothing: its next sign renews at once."""


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
