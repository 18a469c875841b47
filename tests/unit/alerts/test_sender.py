"""Tests of reconciler/alerts/sender.py: real requests to a service on this machine."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

pytest.importorskip("apprise")

from reconciler.alerts.sender import send_text
from tests.support.notify_server import NotifyServer, serve_notifications

SECRET = "token-of-nobody-0123456789"


def test_a_text_is_sent_as_it_is() -> None:
    with serve_notifications() as server:
        sent = send_text([server.url()], "a title", "<b>1</b>\\n & *2*", is_bad=True)
    assert (sent.count, sent.fault) == (1, "")
    assert server.got[0]["title"] == "a title"
    assert server.got[0]["message"] == "<b>1</b>\\n & *2*"
    assert server.got[0]["type"] == "warning"


def test_an_address_that_refuses_or_is_none_keeps_no_other_from_its_text_and_is_not_named(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with serve_notifications() as good, serve_notifications() as bad:
        bad.status = 500
        urls = [good.url(), bad.url(), f"nonsense://{SECRET}", f"json://127.0.0.1:1/{SECRET}"]
        sent = send_text(urls, "title", "body", is_bad=False)
    assert sent.count == 1
    assert sent.fault == "address 2, 3, 4 of 4 did not take it"
    assert SECRET not in "".join(capfd.readouterr())


def test_an_address_that_does_not_answer_is_not_waited_for() -> None:
    with serve_notifications() as server:
        server.delay_s = 1.5
        began_at = time.monotonic()
        sent = send_text([server.url()], "title", "body", is_bad=True, limit_s=0.3)
        assert time.monotonic() - began_at < 1.2
    assert (sent.count, sent.fault) == (0, "address 1 of 1 did not answer within 0.3 s")


def test_without_the_extra_the_fault_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['apprise'] = None\n"
        "from reconciler.alerts.sender import send_text\n"
        "print(send_text(['json://x'], 'a', 'b', is_bad=True).fault)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "it needs the extra `notify`: pip install 'trade-plan-reconciler[notify]'\n"


def test_the_address_of_the_stand_in_has_a_secret() -> None:
    assert SECRET in NotifyServer(port=1).url()
