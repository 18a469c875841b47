"""The sandbox served on a loopback port."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reconciler.sandbox.app import create_app
from reconciler.sandbox.errors import NotLoopback
from reconciler.sandbox.exchange import Sandbox


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing."""

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
    server = _open_server(sandbox, host, port)
    try:
        with _stopping_on_sigterm():
            if ready is not None:
                ready(_base_url(server))
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@contextmanager
def serve_aside(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serves a sandbox in a thread of this process for the length of the block, and gives the base URL.

    Args:
        sandbox: What is served; it stays open.
        host: A loopback address, or `localhost`.
        port: TCP port; 0 takes a free one.

    Raises:
        NotLoopback: Other machines could reach the address.
        OSError: The port is taken.
    """
    server = _open_server(sandbox, host, port)
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        yield _base_url(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _open_server(sandbox: Sandbox, host: str, port: int) -> BaseWSGIServer:
    address = _check_host(host)
    server_app = create_app(sandbox)
    with socket.create_server((address, port), family=_family(address)) as listener:
        # werkzeug ends the whole program where it cannot bind, so it gets a socket that is bound already.
        number = listener.getsockname()[1]
        return make_server(
            address, number, server_app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
        )


def _base_url(server: BaseWSGIServer) -> str:
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"http://{host}:{server.port}"


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


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
