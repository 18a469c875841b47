"""The moments at which a process can die such that the world outside of it differs: its requests and transactions."""

from __future__ import annotations

import http.client
import os
import re
import signal
from dataclasses import dataclass
from typing import Any

import requests
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

_WRITE = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE) (\w+)")
_PACE = ("journal_requests", "journal_bans")


@dataclass(slots=True)
class Point:
    """A moment.

    Attributes:
        name: `before POST`, `sent POST`, `after POST`; `begin`, `before commit`, `after commit`.
        concerns: What a transaction writes: `journal`, `pace` (when requests were sent) or `nothing`; `api` for a
            request.
    """

    name: str
    concerns: str


class Watch:
    """Counts the points that this process passes, and kills it at one of them.

    A request has a point before it leaves, one when it has left (a write only) and one when its answer has come; a
    transaction has one before it begins, one right before its commit and one right after.

    Args:
        fatal: Number of the point at which to die, from 0; None to live.
        breaks: Number of the request that fails with an error which nobody expects and which tells all; None for none.
    """

    def __init__(self, *, fatal: int | None, breaks: int | None) -> None:
        self.passed: list[Point] = []
        self._breaks = breaks
        self._fatal = fatal
        self._open: list[Point] = []
        event.listen(Engine, "begin", self._begin)
        event.listen(Engine, "before_cursor_execute", self._note_statement)
        event.listen(Engine, "commit", self._commit)
        event.listen(Pool, "checkin", self._end)
        self._surround_requests()

    def _surround_requests(self) -> None:
        send = requests.adapters.HTTPAdapter.send
        receive = http.client.HTTPConnection.getresponse

        def watched_send(adapter: Any, request: requests.PreparedRequest, *rest: Any, **settings: Any) -> Any:
            self._pass(f"before {request.method}", "api")
            if (
                sum(point.name.startswith("before ") and point.concerns == "api" for point in self.passed)
                == self._breaks
            ):
                raise RuntimeError(f"broken inside: {request.headers} {dict(os.environ)}")
            response = send(adapter, request, *rest, **settings)
            self._pass(f"after {request.method}", "api")
            return response

        def watched_receive(connection: Any, *rest: Any, **settings: Any) -> Any:
            method = self.passed[-1].name.removeprefix("before ")
            if method != "GET":
                self._pass(f"sent {method}", "api")
            return receive(connection, *rest, **settings)

        requests.adapters.HTTPAdapter.send = watched_send  # type: ignore[assignment,method-assign] # the seam to the wire
        http.client.HTTPConnection.getresponse = watched_receive  # type: ignore[assignment,method-assign] # the same

    def _begin(self, connection: object) -> None:
        self._open = []
        self._pass_inside("begin")

    def _note_statement(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        written = _WRITE.match(statement.lstrip())
        if written and self._open:
            concerns = "pace" if written[2] in _PACE else "journal"
            for point in self._open:
                point.concerns = concerns

    def _commit(self, connection: object) -> None:
        self._pass_inside("before commit")

    def _end(self, *_: object) -> None:
        if self._open:
            self._pass_inside("after commit")
        self._open = []

    def _pass_inside(self, name: str) -> None:
        point = self._pass(name, self._open[-1].concerns if self._open else "nothing")
        self._open.append(point)

    def _pass(self, name: str, concerns: str) -> Point:
        if len(self.passed) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        point = Point(name, concerns)
        self.passed.append(point)
        return point
