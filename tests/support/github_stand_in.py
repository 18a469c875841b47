"""A local stand-in of GitHub's API: comments, GraphQL, artefacts; with faults on order."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "acme/trades"
REPOSITORY_ID = 41
TOKEN = "ghs_stand_in_token"
LOGIN = "github-actions[bot]"
# Source: objectstack issue 18826, by bisection.
MAX_BYTES = 262_144


@dataclass
class Fault:
    """An answer in place of the real one, to the first request that fits; `after` says whether it has its effect."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False


@dataclass
class GitHubStandIn:
    """The state of the service."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    knows_viewer: bool = True
    knows_user: bool = False
    login: str = LOGIN
    max_bytes: int = MAX_BYTES
    writes: int = 0
    page: str = ""

    def add(self, body: str, login: str = "somebody", number: int = 7) -> dict[str, Any]:
        """A comment that somebody has written."""
        comment_id = 1000 + len(self.comments)
        comment = {
            "id": comment_id,
            "node_id": f"IC_{comment_id}",
            "body": body,
            "user": {"login": login},
            "html_url": f"https://github.test/{REPOSITORY}/pull/{number}#issuecomment-{comment_id}",
            "issue": number,
            "hidden": "",
        }
        self.comments.append(comment)
        return comment

    def sent(self, method: str, pattern: str = "") -> list[tuple[str, str, Any]]:
        """The requests of a method whose path fits."""
        return [each for each in self.requests if each[0] == method and re.search(pattern, each[1])]

    def visible(self, kind: str = "plan") -> list[dict[str, Any]]:
        """The own comments of a kind that are not hidden."""
        first = f"<!-- reconciler:{kind} "
        return [
            each
            for each in self.comments
            if each["user"]["login"] == self.login and not each["hidden"] and each["body"].startswith(first)
        ]

    def answer(self, method: str, url: str, body: Any) -> tuple[int, Any, dict[str, str]]:
        parts = urlsplit(url)
        self.requests.append((method, url, body))
        fault = next((each for each in self.faults if each.method == method and re.search(each.path, url)), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                self._route(method, parts.path, parse_qs(parts.query), body)
            return fault.status, {"message": f"Fault {fault.status}"}, fault.headers
        return self._route(method, parts.path, parse_qs(parts.query), body)

    def _route(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any, dict[str, str]]:
        if path == "/graphql":
            return 200, self._graphql(body), {}
        if path == "/user":
            return (
                (200, {"login": self.login}, {})
                if self.knows_user
                else (403, {"message": "Resource not accessible by integration"}, {})
            )
        prefix = f"/repos/{REPOSITORY}"
        if match := re.fullmatch(rf"{prefix}/issues/(\d+)/comments", path):
            return self._comments(method, int(match[1]), query, body)
        if match := re.fullmatch(rf"{prefix}/issues/comments/(\d+)", path):
            return self._edit(int(match[1]), body)
        if match := re.fullmatch(rf"{prefix}/commits/([0-9a-f]+)/pulls", path):
            return 200, [self.merged[match[1]]] if match[1] in self.merged else [], {}
        if path == f"{prefix}/actions/artifacts":
            name = query["name"][0]
            return 200, {"artifacts": [each for each in self.artifacts if each["name"] == name]}, {}
        return 404, {"message": "Not Found"}, {}

    def _comments(
        self, method: str, number: int, query: dict[str, list[str]], body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            if len(body["body"].encode()) > self.max_bytes:
                return (
                    422,
                    {
                        "message": "Validation Failed",
                        "errors": [{"message": "Body is too long (maximum is 65536 characters)"}],
                    },
                    {},
                )
            self.writes += 1
            return 201, self.add(body["body"], self.login, number), {}
        size, page = int(query["per_page"][0]), int(query["page"][0])
        listed = [each for each in self.comments if each["issue"] == number]
        shown = listed[(page - 1) * size : page * size]
        more = {"Link": f'<{self.url}/next>; rel="next"'} if len(listed) > page * size else {}
        return (
            200,
            [{key: value for key, value in each.items() if key not in ("hidden", "issue")} for each in shown],
            more,
        )

    def _edit(self, comment_id: int, body: Any) -> tuple[int, Any, dict[str, str]]:
        comment = next((each for each in self.comments if each["id"] == comment_id), None)
        if comment is None:
            return 404, {"message": "Not Found"}, {}
        if len(body["body"].encode()) > self.max_bytes:
            return 422, {"message": "Validation Failed"}, {}
        self.writes += 1
        comment["body"] = body["body"]
        return 200, comment, {}

    def _graphql(self, body: Any) -> Any:
        query, variables = body["query"], body["variables"]
        if "viewer" in query:
            return (
                {"data": {"viewer": {"login": self.login}}}
                if self.knows_viewer
                else {"errors": [{"message": "no viewer"}]}
            )
        if "minimizeComment" in query:
            comment = next(each for each in self.comments if each["node_id"] == variables["id"])
            comment["hidden"] = variables["why"]
            return {"data": {"minimizeComment": {"minimizedComment": {"isMinimized": True}}}}
        known = {each["node_id"]: each for each in self.comments}
        return {
            "data": {"nodes": [{"id": each, "isMinimized": bool(known[each]["hidden"])} for each in variables["ids"]]}
        }


@contextmanager
def serve_github() -> Iterator[GitHubStandIn]:
    """The service on a port of this machine."""
    state = GitHubStandIn()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            no_headers: dict[str, str] = {}
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, content, headers = 401, {"message": "Bad credentials"}, no_headers
            else:
                status, content, headers = state.answer(self.command, self.path, body)
            data = (state.page or json.dumps(content)).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(data)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = _handle  # noqa: N815 - the names that the library calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
