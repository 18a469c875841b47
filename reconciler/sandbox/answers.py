"""Requests and answers as Flask sees them."""

from __future__ import annotations

import json

from flask import Request, Response

from reconciler.sandbox.access import Credentials
from reconciler.sandbox.parameters import read_parameters


def answer_json(value: object, status: int = 200) -> Response:
    """A JSON answer.

    Args:
        value: What the body says.
        status: HTTP status code.
    """
    return Response(json.dumps(value, separators=(",", ":")), status=status, mimetype="application/json")


def read_request(request: Request) -> dict[str, object]:
    """All parameters of query and body.

    Raises:
        Refusal: The body is no JSON although it says so, or its keys contradict each other.
    """
    return read_parameters(_raw_query(request), request.get_data(), is_json=request.is_json)


def read_credentials(request: Request) -> Credentials:
    """What the request carries to prove who sent it."""
    headers = request.headers
    return Credentials(
        path=request.path,
        query=_raw_query(request),
        body=request.get_data(),
        is_json=request.is_json,
        api_key=headers.get("APIKEY"),
        signature=headers.get("Signature"),
        forced_mode=headers.get("Forced-Mode"),
    )


def _raw_query(request: Request) -> str:
    return request.query_string.decode("latin-1")
