"""A WSGI application in the place of the network: how the embedded sandbox is reached without a port."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication


class WsgiAdapter(BaseAdapter):
    """Answers the requests of a session by calling a WSGI application.

    Args:
        application: What answers; it sees requests from loopback.
    """

    def __init__(self, application: WSGIApplication) -> None:
        super().__init__()
        self._application = application

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature is that of requests
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """Call the application with a prepared request and give back its answer.

        Raises:
            requests.ConnectionError: The application gave up in the middle, as a server does that loses a connection.
        """
        response = requests.Response()
        response.request = request
        response.url = request.url or ""

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            if exc_info:
                raise RuntimeError(f"the application failed after it had answered {status}")
            response.status_code = int(status.partition(" ")[0])
            response.headers.update(headers)
            return io.BytesIO().write

        try:
            content = _call(self._application, _environ(request), start_response)
        except OSError as error:
            # An application that answers its own errors lets only a broken connection out.
            raise requests.ConnectionError(error, request=request) from error
        response.raw = io.BytesIO(content)
        if not stream:
            response._content = content  # noqa: SLF001 - what requests' own adapter leads to
        return response

    def close(self) -> None:
        """Do nothing: no connection is open."""


def _call(application: WSGIApplication, environ: dict[str, object], start_response: StartResponse) -> bytes:
    chunks: Iterable[bytes] = application(environ, start_response)
    try:
        return b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _environ(request: requests.PreparedRequest) -> dict[str, object]:
    url = urlsplit(request.url or "")
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    environ: dict[str, object] = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": request.path_url,
        "RAW_URI": request.path_url,
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
