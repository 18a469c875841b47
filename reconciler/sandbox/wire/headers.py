"""The headers that the API puts on its answers.

Source: captured answers in public clients (names and values of `Etag` and `Cache-Control`, the CORS lists); ids are
random at 3Commas, here the same requests give the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from uuid import UUID

from flask import Request, Response

_FRESH = "max-age=0, private, must-revalidate"
_FAILED = "no-cache"

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, PUT, POST, DELETE, PATCH, OPTIONS",
    "Access-Control-Allow-Headers": "Signature, Apikey, Forced-Mode",
}


def add_headers(request: Request, response: Response, numbers: Iterator[int]) -> None:
    """Add the headers to an answer.

    Args:
        request: The request.
        response: The answer.
        numbers: Counts the requests of this application; the id of a request is derived from it.
    """
    headers = response.headers
    seed = f"{next(numbers)} {request.method} {request.full_path}"
    headers["X-Request-Id"] = str(UUID(bytes=hashlib.sha256(seed.encode("utf-8", "replace")).digest()[:16], version=4))
    # Time does not pass while the sandbox works.
    headers["X-Runtime"] = "0.000000"
    headers["Cache-Control"] = _FAILED
    if response.status_code in (200, 201) and not response.is_streamed:
        headers["Cache-Control"] = _FRESH
        digest = hashlib.md5(response.get_data(), usedforsecurity=False).hexdigest()
        headers["Etag"] = f'W/"{digest}"'
    headers.update(_CORS)
