"""Hears what other replicas commit, so that long-polls here are answered at once."""

import logging
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from socket import socketpair
from threading import Event, Thread

import psycopg

from qgjob.store.postgres_connection import CHANNEL, connect
from qgjob.store.topics import TOPICS

_log = logging.getLogger(__name__)
_RECONNECT_AFTER_S = 0.2


class PostgresEar:
    """Listens on a thread and a connection of its own, from when it is made. After a gap it tells of everything."""

    def __init__(self, url: str, announce: Callable[[frozenset[str]], None], *, replica: str) -> None:
        self._url = url
        self._announce = announce
        self._replica = replica
        self._closing = Event()
        self._waker, self._sleeper = socketpair()
        self._raw: psycopg.Connection = self._listening()
        self._thread = Thread(target=self._run, name="qgjob-ear", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        self._waker.close()
        self._thread.join()
        self._sleeper.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                for notice in self._raw.notifies(timeout=0):
                    self._hear(notice.payload)
                self._sleep()
            except psycopg.Error as error:
                _log.info("The database cannot be listened to now (%s); trying again.", type(error).__name__)
                self._listen_again()
        self._raw.close()

    def _sleep(self) -> None:
        """Wait until the database says something, or until we are closed: neither has to wait for a look-up."""
        with DefaultSelector() as selector:
            selector.register(self._raw, EVENT_READ)
            selector.register(self._sleeper, EVENT_READ)
            selector.select()

    def _listen_again(self) -> None:
        while not self._closing.wait(_RECONNECT_AFTER_S):
            with suppress(psycopg.Error):
                self._raw.close()
                self._raw = self._listening()
                self._tell(TOPICS)
                return

    def _listening(self) -> psycopg.Connection:
        raw = connect(self._url)
        raw.execute(f"LISTEN {CHANNEL}")
        return raw

    def _hear(self, payload: str) -> None:
        sender, *topics = payload.split(" ")
        if sender != self._replica:
            self._tell(frozenset(topics) & TOPICS)

    def _tell(self, topics: frozenset[str]) -> None:
        try:
            self._announce(topics)
        except Exception:  # noqa: BLE001  # logged whole; what listens to us must not make us deaf
            _log.exception("A callback for commits raised; listening goes on.")
