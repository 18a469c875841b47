"""The answers that a fault on demand gives in place of the usual one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from flask import Response

from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.values.refusals import RequestRefused, refuse_ban, refuse_plan, refuse_rate, refuse_server_error
from reconciler.sandbox.wire.answers import answer_json

# As gateways answer. Source: issue threads (an HTML body); the wording is assumed.
_HTML = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"


_CUTTING = frozenset({FaultKind.TRUNCATE, FaultKind.CUT_REPLY})


class ConnectionLost(ConnectionAbortedError):
    """The connection closes without an answer; the server closes it."""


class ConnectionReset(ConnectionResetError):
    """The connection is reset; the server resets it."""


class CutShort(Response):
    """An answer with a part missing."""


def replace_answer(fault: Fault, method: str, answer: Callable[[], Response]) -> Response:
    """Return the answer of a fault in place of the usual one.

    Args:
        fault: A fault that replaces answers.
        method: HTTP method of the request.
        answer: Lets the request take effect and returns its answer; called if the fault is a late one.

    Raises:
        ConnectionLost: No answer comes.
        ConnectionReset: No answer comes, and the connection breaks.
    """
    given = answer() if fault.is_late else None
    # An answer without a body cannot be cut, so all of it is lost.
    is_bodiless = given is not None and given.status_code == 204 and fault.kind in _CUTTING
    if is_bodiless or fault.kind in (FaultKind.LOSE_REQUEST, FaultKind.LOSE_REPLY):
        raise ConnectionLost("the connection closes as a fault on demand")
    if fault.kind is FaultKind.RESET:
        raise ConnectionReset("the connection is reset as a fault on demand")
    if given is not None and fault.kind is FaultKind.TRUNCATE:
        return CutShort(_halve(given.get_data()), status=given.status_code, mimetype=given.mimetype)
    if given is not None and fault.kind is FaultKind.CUT_REPLY:
        return _cut(given)
    return _refuse(fault.kind, method)


def _refuse(kind: FaultKind, method: str) -> Response:
    if kind is FaultKind.BAD_GATEWAY:
        return Response(_HTML.format("502 Bad Gateway"), status=502, mimetype="text/html")
    if kind in (FaultKind.GATEWAY_TIMEOUT, FaultKind.HOLD):
        return Response(_HTML.format("504 Gateway Time-out"), status=504, mimetype="text/html")
    refusal = _choose_refusal(kind, method)
    return answer_json(refusal.body(), refusal.status)


def _choose_refusal(kind: FaultKind, method: str) -> RequestRefused:
    limits = RateLimits()
    if kind is FaultKind.RATE_LIMIT:
        return refuse_rate(limits.block_s)
    if kind is FaultKind.PLAN_RESTRICTION:
        return refuse_plan("read" if method in ("GET", "HEAD") else "write")
    if kind is FaultKind.BAN:
        return refuse_ban(limits.first_ban_s)
    return refuse_server_error()


def _halve(body: bytes) -> bytes:
    """Return the first half of a JSON text, which is not JSON any more."""
    return body[: len(body) // 2] if len(body) > 1 else json.dumps({}).encode()[:1]


def _cut(answer: Response) -> CutShort:
    """Build an answer whose connection closes in the middle of its body."""
    body = answer.get_data()

    def send() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        raise ConnectionLost("the connection closes as a fault on demand")

    cut = CutShort(send(), status=answer.status_code, mimetype=answer.mimetype)
    cut.headers["Content-Length"] = str(len(body))
    return cut
