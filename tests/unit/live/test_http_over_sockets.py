"""What a stand-in for the network cannot show: the real bytes, and the real exceptions of real sockets."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reconciler.errors import AnswerLost, ApiError, NotSent
from reconciler.live.signing import sign_hmac, signature_payload
from tests.unit.live.wire import KEY, SECRET, open_session


class Recorder(ThreadingHTTPServer):
    requests: list[tuple[str, str, dict[str, str], str]]
    hangs_up = False


class Handler(BaseHTTPRequestHandler):
    server: Recorder

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers, body))
        if self.server.hangs_up:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(*, hangs_up: bool = False) -> Iterator[tuple[Recorder, str]]:
    with Recorder(("127.0.0.1", 0), Handler) as server:
        server.requests, server.hangs_up = [], hangs_up
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server, f"http://127.0.0.1:{server.server_port}/public/api"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def unused_url() -> str:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{holder.getsockname()[1]}/public/api"


def test_what_is_signed_is_what_arrives(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving() as (server, url), open_session(None, base_url=url) as session:
        session.request("GET", "/v2/smart_trades", query={"pair": "USDT_BTC", "note": "ä/~'(x) %41+"})
        session.request("POST", "/v2/smart_trades", body={"note": "ä", "nested": {"x": [1, True, None]}})
    for _, path, headers, body in server.requests:
        assert headers["signature"] == sign_hmac(SECRET, signature_payload(path, body))
        assert headers["apikey"] == KEY
        assert headers["forced-mode"] == "paper"
    assert len(server.requests) == 2
    assert KEY not in caplog.text
    assert SECRET not in caplog.text


def test_a_refused_connection_means_that_nothing_was_sent(unused_url: str) -> None:
    with (
        open_session(None, base_url=unused_url) as session,
        pytest.raises(NotSent, match="no connection to the API address"),
    ):
        session.request("POST", "/v2/smart_trades", body={})


def test_a_write_is_lost_when_the_server_hangs_up_and_a_read_is_repeated() -> None:
    with serving(hangs_up=True) as (server, url), open_session(None, base_url=url) as session:
        with pytest.raises(AnswerLost):
            session.request("POST", "/v2/smart_trades", body={})
        assert len(server.requests) == 1
        with pytest.raises(ApiError, match="4 times in a row"):
            session.request("GET", "/v2/smart_trades")
        assert len(server.requests) == 5
