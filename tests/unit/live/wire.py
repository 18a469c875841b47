"""A stand-in for the network: answers what it is told and remembers what was sent."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import requests
from requests.adapters import BaseAdapter

from reconciler.clock import ManualClock
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.hosts import API_URL
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials

# The key and the secret that the official docs publish as an example.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
CREDENTIALS = Credentials(api_key=KEY, api_secret=SECRET)


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Reply = Answer | BaseException
Script = Callable[[requests.PreparedRequest], Reply]


def text_of(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    return json.dumps(answer.body).encode()


class Wire(BaseAdapter):
    """Plays replies in order, the last one for ever, or asks a function."""

    def __init__(self, *replies: Reply, script: Script | None = None) -> None:
        super().__init__()
        self.replies = list(replies)
        self.script = script
        self.sent: list[requests.PreparedRequest] = []
        self.settings: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **settings: Any) -> requests.Response:
        self.sent.append(request)
        self.settings.append(settings)
        reply = self._next(request)
        if isinstance(reply, BaseException):
            raise reply
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response.raw = io.BytesIO(text_of(reply))
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        pass

    def _next(self, request: requests.PreparedRequest) -> Reply:
        if self.script is not None:
            return self.script(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.path_url}" for request in self.sent]


def new_clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


def open_session(wire: Wire | None, clock: ManualClock | None = None, **settings: Any) -> ApiSession:
    clock = clock or new_clock()
    settings = {"mode": "paper", "budget": RequestBudget(1000, clock), "credentials": CREDENTIALS, **settings}
    names = [field.name for field in fields(SessionOptions) if field.name in settings]
    options = SessionOptions(adapter=wire, **{name: settings.pop(name) for name in names})
    return ApiSession(settings.pop("base_url", API_URL), clock=clock, options=options, **settings)


def open_api(wire: Wire) -> SmartTradeApi:
    return SmartTradeApi(open_session(wire))
