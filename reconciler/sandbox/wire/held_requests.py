"""Requests that a gateway holds back: the caller gets 504, and they take effect later.

Source: issue threads (a 504 whose trade was there minutes later); the fault decides how long it takes.
"""

from __future__ import annotations

import json
from decimal import Decimal

from flask import Flask, Request

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.injected_requests import INJECTED, PASSED_ON


def hold_request(sandbox: Sandbox, given: Request, seconds: Decimal) -> None:
    """Store a request, so that it takes effect later.

    Args:
        sandbox: Stores the request.
        given: The request.
        seconds: How much later, by the sandbox's clock.
    """
    document = {
        "method": given.method,
        "path": given.full_path,
        "data": given.get_data(as_text=True),
        "content_type": given.content_type,
        "headers": {name: given.headers[name] for name in PASSED_ON if name in given.headers},
    }
    with sandbox.wire_transaction() as wire:
        wire.hold_request(json.dumps(document), wire.now_ms + int(seconds * 1000))


def release_requests(app: Flask, sandbox: Sandbox) -> None:
    """Let all requests take effect that were held back long enough; nobody receives their answers.

    Args:
        app: The application that answers them.
        sandbox: Stores the requests.
    """
    if sandbox.is_wire_quiet():
        return
    with sandbox.wire_transaction() as wire:
        due = wire.take_due()
    for document in due:
        app.test_client().open(**json.loads(document), environ_overrides={INJECTED: True})
