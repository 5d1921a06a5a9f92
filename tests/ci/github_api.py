"""A GitHub API on loopback, as far as the action uses it: it checks every request to the letter and keeps what it is
told. What is not as GitHub's documentation has it is a problem, and the test that made it fails.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qsl, urlsplit

REPOSITORY = "acme/shop"
TOKEN = "ghs_of-this-job"
BOT = "github-actions[bot]"
MOST_CHARACTERS = 65_536
_CONCLUSIONS = {"success", "failure", "timed_out", "cancelled"}
_LEVELS = {"notice", "warning", "failure"}

Json = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.query.items())
        return f"{self.method} {self.path}{f'?{query}' if query else ''}"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer in the place of the proper one, once. `lost`: the deed is done and only its answer is this."""

    status: int
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str | None = None
    lost: bool = False


@dataclass(kw_only=True)
class FakeGithub:
    """What GitHub holds of the repository, and how it behaves."""

    permissions: set[str] = field(default_factory=lambda: {"pull-requests: write", "checks: write"})
    refusals: list[Refusal] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    checks: list[Json] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    def add_comment(self, pull_request: int, body: str, *, login: str = BOT) -> Json:
        comment: Json = {
            "id": 1000 + len(self.comments),
            "body": body,
            "user": {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"},
            "pull_request": pull_request,
        }
        self.comments.append(comment)
        return comment

    def bodies(self, pull_request: int = 7) -> list[str]:
        return [str(comment["body"]) for comment in self.comments if comment["pull_request"] == pull_request]

    def writes(self) -> list[str]:
        """What was written, in order; asking whose the token is writes nothing."""
        return [str(asked) for asked in self.asked if asked.method != "GET" and asked.path != "/graphql"]

    def answer(self, asked: Asked, headers: Mapping[str, str]) -> tuple[int, object, Mapping[str, str]]:
        with self._lock:
            self.asked.append(asked)
            self._check_headers(asked, headers)
            refusal = self._refusal_of(asked)
            if refusal and not refusal.lost:
                return refusal.status, {"message": refusal.message}, refusal.headers
            status, body = self._do(asked)
            if refusal:
                return refusal.status, {"message": refusal.message}, refusal.headers
            return status, body, {}

    def problem(self, asked: Asked, text: str) -> tuple[int, object]:
        self.problems.append(f"{asked}: {text}")
        return 422, {"message": f"Validation Failed: {text}"}

    def _refusal_of(self, asked: Asked) -> Refusal | None:
        for refusal in self.refusals:
            if refusal.method in {None, asked.method} and asked.path != "/graphql":
                self.refusals.remove(refusal)
                return refusal
        return None

    def _check_headers(self, asked: Asked, headers: Mapping[str, str]) -> None:
        wanted = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {TOKEN}",
            "X-GitHub-Api-Version": "2022-11-28",
            **({} if asked.method == "GET" else {"Content-Type": "application/json"}),
        }
        for name, value in wanted.items():
            if headers.get(name) != value:
                self.problem(asked, f"{name} is {headers.get(name)!r}")
        if not str(headers.get("User-Agent")).startswith("qgjob/"):
            self.problem(asked, "GitHub refuses requests without a User-Agent")

    def _do(self, asked: Asked) -> tuple[int, object]:
        if asked.method == "POST" and asked.path == "/graphql":
            if asked.body != {"query": "query { viewer { login } }"}:
                return self.problem(asked, "another query than whose the token is")
            return 200, {"data": {"viewer": {"login": BOT}}}
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/issues/(\d+)/comments", asked.path):
            return self._comments(asked, int(found[1]))
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/issues/comments/(\d+)", asked.path):
            return self._change_comment(asked, int(found[1]))
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/commits/([0-9a-f]+)/check-runs", asked.path):
            return self._list_checks(asked, found[1])
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/check-runs(?:/(\d+))?", asked.path):
            return self._write_check(asked, int(found[1]) if found[1] else None)
        self.problem(asked, "there is no such call")
        return 404, {"message": "Not Found"}

    def _may(self, permission: str) -> bool:
        return permission in self.permissions

    def _comments(self, asked: Asked, pull_request: int) -> tuple[int, object]:
        if asked.method == "GET":
            size, page = int(asked.query["per_page"]), int(asked.query["page"])
            listed = [comment for comment in self.comments if comment["pull_request"] == pull_request]
            return 200, listed[(page - 1) * size : page * size]
        return self._comment_body(asked) or (201, self.add_comment(pull_request, str(asked.body["body"])))

    def _change_comment(self, asked: Asked, number: int) -> tuple[int, object]:
        found = [comment for comment in self.comments if comment["id"] == number]
        if asked.method != "PATCH" or not found:
            return 404, {"message": "Not Found"}
        if refused := self._comment_body(asked):
            return refused
        if cast("Json", found[0]["user"])["login"] != BOT:
            return self.problem(asked, "this comment is somebody else's")
        found[0]["body"] = asked.body["body"]
        return 200, found[0]

    def _comment_body(self, asked: Asked) -> tuple[int, object] | None:
        if not self._may("pull-requests: write"):
            return 403, {"message": "Resource not accessible by integration"}
        if set(asked.body) != {"body"}:
            return self.problem(asked, f"a comment has a body, not {sorted(asked.body)}")
        if len(str(asked.body["body"])) > MOST_CHARACTERS:
            return self.problem(asked, "Body is too long (maximum is 65536 characters)")
        return None

    def _list_checks(self, asked: Asked, sha: str) -> tuple[int, object]:
        found = [run for run in self.checks if run["head_sha"] == sha and run["name"] == asked.query["check_name"]]
        return 200, {"total_count": len(found), "check_runs": found}

    def _write_check(self, asked: Asked, number: int | None) -> tuple[int, object]:
        if not self._may("checks: write"):
            return 403, {"message": "Resource not accessible by integration"}
        output = cast("Json", asked.body.get("output", {}))
        annotations = cast("list[Json]", output.get("annotations", []))
        if trouble := _trouble_of_check(asked.body, output, annotations, is_new=number is None):
            return self.problem(asked, trouble)
        if number is None:
            run: Json = {**asked.body, "id": 500 + len(self.checks), "annotations": []}
            self.checks.append(run)
        else:
            run = next(run for run in self.checks if run["id"] == number)
            run.update({name: value for name, value in asked.body.items() if name != "output"})
        kept = cast("list[Json]", run["annotations"])
        kept += annotations
        run["output"] = {
            "title": output["title"], "summary": output["summary"], "annotations_count": len(kept)
        }  # fmt: skip
        return 201 if number is None else 200, run


def _trouble_of_check(body: Json, output: Json, annotations: list[Json], *, is_new: bool) -> str | None:
    if is_new and not ({"name", "head_sha"} <= set(body)):
        return "a new check run needs a name and a commit"
    if body.get("conclusion") not in _CONCLUSIONS or body.get("status") != "completed":
        return "no such conclusion"
    if not output.get("title") or len(str(output.get("summary"))) > MOST_CHARACTERS - 1:
        return "the output needs a title, and a summary of at most 65535 characters"
    if len(annotations) > 50:
        return "No more than 50 annotations may be sent at once"
    keys = {"path", "start_line", "end_line", "annotation_level", "title", "message"}
    for one in annotations:
        if set(one) != keys or one["annotation_level"] not in _LEVELS or cast("int", one["start_line"]) < 1:
            return f"no annotation: {one}"
    return None


@contextmanager
def a_github() -> Iterator[FakeGithub]:
    """Serve while the block lasts; requests that GitHub would not take fail the test."""
    github = FakeGithub()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query)),
                body=json.loads(sent) if sent else {},
            )
            status, body, headers = github.answer(asked, dict(self.headers.items()))
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(data)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815  # the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        github.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield github
        finally:
            server.shutdown()
            thread.join()
    assert github.problems == []
