"""The sandbox served on a loopback port."""

from __future__ import annotations

import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.values.errors import NotLoopback
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.real_clock import RealClock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class _QuietHandler(WSGIRequestHandler):
    """A handler that logs nothing, and breaks a connection if the application says so."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002
        """Close the connection at once, by a reset if the fault says so."""
        self.close_connection = True
        if isinstance(error, ConnectionResetError):
            # With a linger time of 0, closing is a reset. The descriptor is closed here: a shutdown sends FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- named by werkzeug
        """Drop every line."""


def serve(
    sandbox: Sandbox,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    limits: RateLimits | None = None,
    clock: RealClock | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a sandbox until SIGINT (Ctrl-C) or SIGTERM.

    Args:
        sandbox: The sandbox; it stays open.
        host: A loopback address, or `localhost`.
        port: TCP port; 0 takes a free one.
        limits: Limits for each caller; None for no limits.
        clock: Moves the sandbox's clock with the time of this machine; None if only commands move it.
        ready: Called once with the base URL as soon as requests are accepted.

    Raises:
        NotLoopback: Other machines could reach the address.
        OSError: The port is taken.
    """
    server = _open_server(sandbox, host, port, limits, clock)
    try:
        with _stopping_on_sigterm(), _running(clock):
            if ready is not None:
                ready(_base_url(server))
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@contextmanager
def serve_aside(
    sandbox: Sandbox,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    limits: RateLimits | None = None,
    clock: RealClock | None = None,
) -> Iterator[str]:
    """Serve a sandbox in a thread of this process for the length of the block, and yield the base URL.

    Args:
        sandbox: The sandbox; it stays open.
        host: A loopback address, or `localhost`.
        port: TCP port; 0 takes a free one.
        limits: Limits for each caller; None for no limits.
        clock: Moves the sandbox's clock with the time of this machine; None if only commands move it.

    Raises:
        NotLoopback: Other machines could reach the address.
        OSError: The port is taken.
    """
    server = _open_server(sandbox, host, port, limits, clock)
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        with _running(clock):
            yield _base_url(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _open_server(
    sandbox: Sandbox, host: str, port: int, limits: RateLimits | None, clock: RealClock | None
) -> BaseWSGIServer:
    address = _check_host(host)
    if clock is None:
        server_app = create_app(sandbox, limits=limits)
    else:
        server_app = create_app(sandbox, limits=limits, wait=clock.wait, keep_time=clock.keep_time)
    with socket.create_server((address, port), family=_family(address)) as listener:
        # werkzeug ends the whole program if it cannot bind, so it gets a socket that is bound already.
        number = listener.getsockname()[1]
        return make_server(
            address, number, server_app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno()
        )


@contextmanager
def _running(clock: RealClock | None) -> Iterator[None]:
    """Keep the time while no request comes, so that timers end on time."""
    if clock is None:
        yield
        return
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(clock.tick_s):
            clock.keep_time()

    clock.keep_time()
    thread = threading.Thread(target=run, name="sandbox clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


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
    """Let SIGTERM stop the server as Ctrl-C does; signals can be set in the main thread only."""
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
