"""The network: connections that end at a time limit, and answers that are read whole within bounds."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

import requests
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager, ProxyManager
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ConnectTimeoutError

from reconciler.live.request_limits import Limits
from reconciler.live.request_watch import RequestWatch, TimeLimitPassed
from reconciler.live.response_body import read_body


class NetworkAdapter(HTTPAdapter):
    """Sends requests over sockets. The read time-out that it is given counts for the whole request.

    Args:
        limits: Bounds of size and silence.
        on_silence: Called with the seconds that an answer has been waited for, from another thread.
    """

    def __init__(self, limits: Limits, on_silence: Callable[[float], None]) -> None:
        self._limits = limits
        self._on_silence = on_silence
        self._watch: RequestWatch | None = None
        super().__init__()

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - the signature is that of requests
        **settings: object,
    ) -> None:
        """Make the connections without a proxy."""
        super().init_poolmanager(connections, maxsize, block, **settings)
        self._watch_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **settings: object) -> ProxyManager:
        """Return the connections through a proxy."""
        is_new = proxy not in self.proxy_manager
        manager: ProxyManager = super().proxy_manager_for(proxy, **settings)
        if is_new:
            self._watch_pools(manager)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the signature is that of requests
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a prepared request and read its answer to the end.

        Raises:
            TimeLimitPassed: The answer was not complete in time.
            BodyTooLarge: It is larger than the limit.
            BodyDamaged: It cannot be unpacked.
            requests.RequestException: Any other failure on the way.
            urllib3.exceptions.HTTPError: A failure while the body was read.
        """
        limit_s = (timeout[1] if isinstance(timeout, tuple) else timeout) or self._limits.read_s
        watch = RequestWatch(limit_s, silence_s=self._limits.silence_s, on_silence=self._on_silence)
        self._watch = watch
        with watch:
            try:
                response = super().send(
                    request, stream=True, timeout=timeout, verify=verify, cert=cert, proxies=proxies
                )
                self._read_all(response)
            except requests.exceptions.ConnectTimeout:
                raise
            except Exception as error:
                if watch.has_expired:
                    raise TimeLimitPassed(f"no answer came within {limit_s:.3g} s") from error
                raise
            if watch.has_expired:
                # An answer without a stated length seems complete when its connection is shut down.
                raise TimeLimitPassed(f"no answer came within {limit_s:.3g} s")
        return response

    def _read_all(self, response: requests.Response) -> None:
        try:
            encoding = response.headers.get("Content-Encoding", "")
            content = read_body(response.raw, encoding=encoding, limit_bytes=self._limits.answer_bytes)
        finally:
            response.close()
        response.raw = io.BytesIO(content)

    def _watch_pools(self, manager: PoolManager) -> None:
        classes = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {name: self._watched_class(each) for name, each in classes.items()}

    def _watched_class(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        """Make a pool class (plain, encrypted or proxied) whose connections are watched."""
        finders = {"find_watch": staticmethod(lambda: self._watch), "connect_s": self._limits.connect_s}
        connection = type("WatchedConnection", (_WatchedConnection, pool.ConnectionCls), finders)
        return type("WatchedPool", (pool,), {"ConnectionCls": connection})


class _WatchedConnection(HTTPConnection):
    """Hands its socket to the watch of the request before anything is sent."""

    find_watch: Callable[[], RequestWatch | None]
    connect_s: float

    def _new_conn(self) -> socket.socket:
        watch = self.find_watch()
        if watch is None:
            return super()._new_conn()
        try:
            connection = call_within(min(self.connect_s, watch.left_s), super()._new_conn)
        except TimeLimitPassed as error:
            raise ConnectTimeoutError(self, str(error)) from None
        self._attach(watch, connection)
        return connection

    def request(self, *args: object, **settings: object) -> None:
        watch, connection = self.find_watch(), self.sock
        if watch is not None and connection is not None:
            self._attach(watch, connection)
        super().request(*args, **settings)  # type: ignore[arg-type]  # passed on as they are

    def _attach(self, watch: RequestWatch, connection: socket.socket) -> None:
        try:
            watch.attach(connection)
        except TimeLimitPassed as error:
            raise ConnectTimeoutError(self, str(error)) from None


def call_within(limit_s: float, connect: Callable[[], socket.socket]) -> socket.socket:
    """Open a connection; raise an error if that takes too long.

    The time-out of a socket counts for each address of a host, and the search for the name has none. So this is done in
    a thread, which is given up after the limit. A connection that it makes later is closed and never used.

    Args:
        limit_s: Seconds that it may take.
        connect: Makes the connection.

    Raises:
        TimeLimitPassed: It took longer.
    """
    made: Future[socket.socket] = Future()
    threading.Thread(target=_fulfil, args=(made, connect), name="connect", daemon=True).start()
    try:
        return made.result(limit_s)
    except BaseException as error:
        made.add_done_callback(_close_late)
        is_of_connect = made.done() and made.exception() is error
        if isinstance(error, TimeoutError) and not is_of_connect:
            raise TimeLimitPassed(f"no connection within {limit_s:.3g} s") from None
        raise


def _fulfil(made: Future[socket.socket], connect: Callable[[], socket.socket]) -> None:
    try:
        made.set_result(connect())
    except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
        made.set_exception(error)


def _close_late(made: Future[socket.socket]) -> None:
    if made.exception() is None:
        made.result().close()
