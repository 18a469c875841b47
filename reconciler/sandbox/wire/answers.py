"""Requests and answers as Flask sees them."""

from __future__ import annotations

import json

from flask import Request, Response

from reconciler.sandbox.exchange.access import Credentials
from reconciler.sandbox.requests.parameters import read_parameters

# Methods that have no body. Source: official docs, general information (parameters of GET are in the query).
_BODILESS = frozenset({"GET", "HEAD"})


def answer_json(value: object, status: int = 200) -> Response:
    """A JSON answer.

    Args:
        value: What the body says.
        status: HTTP status code.
    """
    return Response(json.dumps(value, separators=(",", ":")), status=status, mimetype="application/json")


def answer_nothing() -> Response:
    """An answer without a body."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def read_request(request: Request) -> dict[str, object]:
    """All parameters of query and body.

    Raises:
        RequestRefused: The body is no JSON although it says so, or its keys contradict each other.
    """
    return read_parameters(_raw_query(request), _read_body(request), is_json=request.is_json)


def read_credentials(request: Request) -> Credentials:
    """What the request carries to prove who sent it."""
    headers = request.headers
    path, has_mark, _ = str(request.environ.get("REQUEST_URI") or request.path).partition("?")
    query = _raw_query(request)
    return Credentials(
        path=path if path.startswith("/") else request.path,
        query=query,
        has_bare_mark=bool(has_mark) and not query,
        body=_read_body(request),
        is_json=request.is_json,
        api_key=headers.get("APIKEY"),
        signature=headers.get("Signature"),
        forced_mode=headers.get("Forced-Mode"),
    )


def _raw_query(request: Request) -> str:
    return request.query_string.decode("latin-1")


def _read_body(request: Request) -> bytes:
    return b"" if request.method in _BODILESS else request.get_data()
