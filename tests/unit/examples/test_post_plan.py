"""The example that posts a plan, with a webhook on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler.examples.post_plan import main, post
from reconciler.workflows.new_workspace import write_workspace


class _Webhook(HTTPServer):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[dict[str, Any]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: _Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append({"type": self.headers["Content-Type"], **json.loads(body)})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def webhook() -> Iterator[_Webhook]:
    with _Webhook() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_plan_is_posted_as_text_and_as_json(webhook: _Webhook, tmp_path: Path) -> None:
    write_workspace(tmp_path)
    assert main([str(tmp_path), webhook.url]) == 0
    (message,) = webhook.posted
    assert message["type"] == "application/json"
    assert message["title"].endswith("on sandbox: 1 to do, 0 blocked")
    assert "Plan: 1 to add" in message["text"]
    assert message["is_empty"] is False
    assert message["plan"]["operations"][0]["trade"] == "btc-dip"


def test_what_goes_wrong_is_said_and_nothing_is_posted(
    webhook: _Webhook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 64
    assert main([str(tmp_path / "nowhere"), webhook.url]) == 1
    assert "nowhere: no such folder" in capsys.readouterr().err
    assert webhook.posted == []


def test_a_webhook_that_refuses_is_an_error(
    webhook: _Webhook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_workspace(tmp_path)
    webhook.status = 500
    assert main([str(tmp_path), webhook.url]) == 1
    assert "HTTP Error 500" in capsys.readouterr().err


def test_only_web_addresses_are_posted_to() -> None:
    with pytest.raises(ValueError, match="expected an address"):
        post("file:///etc/passwd", {})
