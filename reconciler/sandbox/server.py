"""The sandbox served on a loopback port."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from reconciler.sandbox.app import create_app
from reconciler.sandbox.errors import NotLoopback
from reconciler.sandbox.exchange import Sandbox


class _QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1, so that clients keep their connection, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- named by werkzeug
        """Drops every line."""


def serve(
    sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0, *, ready: Callable[[str], None] | None = None
) -> None:
    """Serves a sandbox until SIGINT (Ctrl-C) or SIGTERM.

    Args:
        sandbox: What is served; it stays open.
        host: A loopback address, or `localhost`.
        port: TCP port; 0 takes a free one.
        ready: Called once with the base URL as soon as requests are taken.

    Raises:
        NotLoopback: Other machines could reach the address.
        OSError: The port is taken.
    """
    server = make_server(_check_host(host), port, create_app(sandbox), threaded=True, request_handler=_QuietHandler)
    try:
        with _stopping_on_sigterm():
            if ready is not None:
                ready(f"http://{_bracket(host)}:{server.server_port}")
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _check_host(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        is_loopback = ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise NotLoopback(f"the sandbox is not served on {host}: expected a loopback address such as 127.0.0.1")
    return host


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Lets SIGTERM stop the server as Ctrl-C does; signals can be set in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
