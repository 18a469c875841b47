"""A service on this machine that takes notifications, as Apprise's `json://` sends them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(kw_only=True)
class NotifyServer:
    """What the service got, and how it answers."""

    port: int = 0
    got: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    delay_s: float = 0.0

    def url(self, token: str = "token-of-nobody-0123456789") -> str:
        """The address of the service, with a secret in it."""
        return f"json://user:{token}@127.0.0.1:{self.port}/hooks/{token}"

    def take(self) -> list[str]:
        """Titles and bodies of what came since the last time."""
        taken = [f"{each['title']}\n{each['message']}" for each in self.got]
        self.got.clear()
        return taken


@contextmanager
def serve_notifications() -> Iterator[NotifyServer]:
    """Serve on a free port until the end of the block."""
    server = NotifyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(server.delay_s)
            if server.status == 200:
                server.got.append(json.loads(body))
            self.send_response(server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
