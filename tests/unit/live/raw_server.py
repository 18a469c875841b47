"""A server that answers with whatever bytes a test gives it, at whatever pace."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# Between two pieces of a server that drips, in seconds. A client refuses more than 100 header lines, so fewer than that
# must come before its time limit.
DRIP_S = 0.05


@dataclass
class Peer:
    """The server's end of one connection, for the length of one request."""

    connection: socket.socket
    is_closing: threading.Event

    def write(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def drip(self, *pieces: bytes) -> None:
        """Write the pieces over and over, slowly, until the client or the test has had enough."""
        while True:
            for piece in pieces:
                self.write(piece)
                if self.is_closing.wait(DRIP_S):
                    return

    def flood(self, piece: bytes) -> None:
        """Write the piece over and over, as fast as it goes."""
        while not self.is_closing.is_set():
            self.write(piece)

    def wait(self) -> None:
        """Say nothing."""
        self.is_closing.wait()

    def reset(self) -> None:
        """Close the connection so that the client gets a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.connection.close()


Script = Callable[[Peer], None]


@dataclass
class RawServer:
    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    is_closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving_raw(*scripts: Script, tls: ssl.SSLContext | None = None, stays: bool = False) -> Iterator[RawServer]:
    """A server whose answers come from the scripts in turn, from the last one for ever.

    Args:
        scripts: Each answers one request.
        tls: Encrypts the connections.
        stays: Whether a connection is kept for further requests.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        scheme = "http" if tls is None else "https"
        server = RawServer(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        threads: list[threading.Thread] = []

        def serve(connection: socket.socket) -> None:
            with suppress(OSError), connection if tls is None else tls.wrap_socket(connection, server_side=True) as own:
                while _read_request(own, server):
                    scripts[min(len(server.requests), len(scripts)) - 1](Peer(own, server.is_closing))
                    if not stays:
                        return

        def accept() -> None:
            while not server.is_closing.is_set():
                with suppress(TimeoutError):
                    connection, _ = listener.accept()
                    connection.settimeout(30)
                    server.connections += 1
                    threads.append(threading.Thread(target=serve, args=(connection,)))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            server.is_closing.set()
            for thread in (acceptor, *threads):
                thread.join()


def _read_request(connection: socket.socket, server: RawServer) -> bool:
    """Read one request to its end: a connection that closes on unread bytes is reset, and the answer may be lost."""
    request = b""
    while not _is_whole(request):
        piece = connection.recv(65536)
        if not piece or server.is_closing.is_set():
            return False
        request += piece
    server.requests.append(request)
    return True


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
