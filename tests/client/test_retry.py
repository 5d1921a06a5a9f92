from qgjob.client.retry import wait_before_retry
from qgjob.core.errors import Conflict, NotFound, Unavailable, Unreachable


def test_a_server_that_is_away_is_asked_again_twice() -> None:
    waits = [wait_before_retry(Unreachable("away"), tries=tries) for tries in (1, 2, 3)]

    assert waits == [0.2, 0.8, None]


def test_a_busy_server_is_asked_when_it_said_but_nobody_waits_for_ever() -> None:
    assert wait_before_retry(Unavailable("busy", retry_after_s=2), tries=1) == 2.0
    assert wait_before_retry(Unavailable("busy", retry_after_s=3600), tries=1) == 5.0


def test_an_answer_stands() -> None:
    assert wait_before_retry(NotFound("no such job"), tries=1) is None
    assert wait_before_retry(Conflict("other bytes"), tries=1) is None
