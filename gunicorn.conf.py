"""What `gunicorn app:app` starts with from this folder. Flags win over what is said here, except for the one owner.

gunicorn reads this file before it knows where our code is, so it imports nothing of it but in its hook.
"""

from typing import Any

pythonpath = "src"
worker_class = "qgjob.server.under_gunicorn.ServerWorker"
control_socket_disable = True  # a door that nobody asked for


def nworkers_changed(server: Any, _new_value: int, _old_value: int | None) -> None:
    """Keep one worker on SQLite: at the start, after a reload, and when a signal asks for one more."""
    from qgjob.server.under_gunicorn import bound_workers  # noqa: PLC0415  # see above

    bound_workers(server)
