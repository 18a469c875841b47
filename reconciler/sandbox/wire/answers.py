"""Requests and answers of Flask."""

from __future__ import annotations

import json

from flask import Request, Response

from reconciler.sandbox.exchange.access import Credentials
from reconciler.sandbox.requests.parameters import read_parameters

# Methods that have no body. Source: official docs, general information (parameters of GET are in the query).
_BODILESS = frozenset({"GET", "HEAD"})


def answer_json(value: object, status: int = 200) -> Response:
    """Build a JSON answer.

    Args:
        value: The body.
        status: HTTP status code.
    """
    return Response(json.dumps(value, separators=(",", ":")), status=status, mimetype="application/json")


def answer_nothing() -> Response:
    """Build an answer without a body."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def read_request(request: Request) -> dict[str, object]:
    """Read all parameters of query and body.

    Raises:
        RequestRefused: The body is said to be JSON but is not, or its keys contradict each other.
    """
    return read_parameters(_raw_query(request), _read_body(request), is_json=request.is_json)


def read_credentials(request: Request) -> Credentials:
    """Read key and signature of a request, and everything that the signature covers."""
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
