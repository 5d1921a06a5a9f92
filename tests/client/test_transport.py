import json
import socket

import pytest

from qgjob.client import Client
from qgjob.core import errors
from qgjob.wire.jobs import JobBody
from tests.client.scripted import Answer, scripted

HEALTHY = Answer(body=json.dumps({"status": "healthy", "timestamp": "", "version": "1"}).encode())
WORKERS = Answer(body=b'{"count": 0, "workers": [], "next_cursor": null}')


def problem(status: int, **members: object) -> Answer:
    body = {"error": "It did not work.", "code": "some_code", "status": status, **members}
    return Answer(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/problem+json"})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.InvalidRequest),
        (401, errors.Forbidden),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (413, errors.TooLarge),
        (415, errors.InvalidRequest),
        (422, errors.InvalidRequest),
        (429, errors.Unavailable),
        (500, errors.QgjobError),
        (503, errors.Unavailable),
    ],
)
def test_each_refusal_comes_back_as_its_error(status: int, kind: type[errors.QgjobError]) -> None:
    with (
        scripted(problem(status)) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(errors.QgjobError) as raised,
    ):
        client.farm.health()

    assert (type(raised.value), raised.value.message, raised.value.code) == (kind, "It did not work.", "some_code")


def test_field_problems_come_back_with_their_places() -> None:
    answer = problem(422, problems=[{"field": "target", "message": "must be a target", "item": 3}])
    with (
        scripted(answer) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(errors.InvalidRequest) as raised,
    ):
        client.jobs.get("j1")

    assert raised.value.problems == (errors.FieldProblem(field="target", message="must be a target", item=3),)


def test_nobody_listening_is_said_with_the_address_and_what_to_do() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody can answer here
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with Client(url, timeout_s=5) as client, pytest.raises(errors.Unreachable, match=f"at {url} .*--server-url"):
            client.farm.health()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>It works!</html>"),
        Answer(body=b"[]"),
        Answer(body=b'{"unexpected": true}'),
        Answer(status=404, body=b"<html>Not Found</html>"),
        Answer(status=301, headers={"Location": "http://elsewhere.example/"}),
    ],
)
def test_something_else_that_listens_there_is_no_server_of_ours(answer: Answer) -> None:
    with (
        scripted(answer) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(errors.Unreachable, match="is no qgjob server"),
    ):
        client.farm.health()


def test_a_proxy_without_its_server_is_unavailable() -> None:
    with (
        scripted(Answer(status=502, body=b"<html>Bad Gateway</html>")) as server,
        Client(server.url, timeout_s=5) as client,
        pytest.raises(errors.Unavailable),
    ):
        client.farm.health()


def test_a_question_is_asked_again_when_the_connection_breaks() -> None:
    with scripted(Answer(hang_up=True), WORKERS) as server, Client(server.url, timeout_s=5) as client:
        assert client.workers.all()["count"] == 0

    assert [asked.path for asked in server.asked] == ["/workers", "/workers"]


def test_a_question_is_asked_three_times_at_most() -> None:
    with scripted(problem(503)) as server, Client(server.url, timeout_s=5) as client:
        server.answers[0].headers["Retry-After"] = "0"
        with pytest.raises(errors.Unavailable):
            client.workers.all()

    assert len(server.asked) == 3


A_JOB: JobBody = {"org_id": "acme", "app_version_id": "v1", "test_path": "a.spec.js"}
ACCEPTED = Answer(status=201, body=b'{"job_id": "j1", "status": "pending", "message": ""}')


def test_a_submission_whose_answer_is_lost_is_sent_again_under_the_same_key() -> None:
    busy = problem(503)
    busy.headers["Retry-After"] = "0"
    with scripted(Answer(hang_up=True), busy, ACCEPTED) as server, Client(server.url, timeout_s=5) as client:
        assert client.jobs.submit(A_JOB)["job_id"] == "j1"

    assert len(server.asked) == 3
    assert len({asked.headers["idempotency-key"] for asked in server.asked}) == 1
    assert len({asked.body for asked in server.asked}) == 1


def test_two_submissions_have_two_keys() -> None:
    with scripted(ACCEPTED) as server, Client(server.url, timeout_s=5) as client:
        client.jobs.submit(A_JOB)
        client.jobs.submit(A_JOB)

    assert len({asked.headers["idempotency-key"] for asked in server.asked}) == 2


def test_what_may_be_repeated_by_its_nature_has_no_key_to_be_remembered() -> None:
    renewed = Answer(body=b'{"leases": []}')
    with scripted(WORKERS, renewed) as server, Client(server.url, timeout_s=5) as client:
        client.workers.all()
        client.leases.renew({"agent_id": "agent-1", "worker_ids": [], "tokens": []})

    assert [("idempotency-key" in asked.headers) for asked in server.asked] == [False, False]


def test_a_refusal_is_not_asked_again() -> None:
    with scripted(problem(409)) as server, Client(server.url, timeout_s=5) as client, pytest.raises(errors.Conflict):
        client.workers.all()

    assert len(server.asked) == 1


def test_a_server_that_does_not_answer_in_time_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Client(url, timeout_s=0.2) as client, pytest.raises(errors.Unreachable, match="timed out"):
            client.farm.health()


def test_ids_never_change_what_is_asked_for() -> None:
    with scripted(problem(404)) as server, Client(server.url, timeout_s=5) as client, pytest.raises(errors.NotFound):
        client.jobs.get("../stats?x=1#/ü")

    assert server.asked[0].path == "/jobs/..%2Fstats%3Fx%3D1%23%2F%C3%BC"


def test_parameters_that_were_not_given_are_not_sent() -> None:
    page = Answer(body=b'{"count": 0, "jobs": [], "next_cursor": null}')
    with scripted(page) as server, Client(server.url, timeout_s=5) as client:
        client.jobs.page(org_id="a&b", limit=5)

    assert server.asked[0].path == "/jobs?org_id=a%26b&limit=5"


def test_the_token_is_sent_and_json_says_that_it_is() -> None:
    with scripted(ACCEPTED) as server, Client(server.url, timeout_s=5, token="secret") as client:
        client.jobs.submit(A_JOB)

    assert server.asked[0].headers["authorization"] == "Bearer secret"
    assert server.asked[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("url", ["localhost:5000", "ftp://farm", "http://[::1", "", "farm"])
def test_an_address_that_is_none_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="is no address of a server"):
        Client(url, timeout_s=5)


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with scripted(HEALTHY) as server, Client(server.url, timeout_s=5) as client:
        assert client.farm.health()["status"] == "healthy"
