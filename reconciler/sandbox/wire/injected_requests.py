"""Requests that a fault on demand sends before another: an edit by hand, another client, the market."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Request, request

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.routes import API

# Only this process can put it into the environment of a request.
INJECTED = "reconciler.sandbox.sent_ahead"

# Headers that name the sender of a request.
PASSED_ON = ("APIKEY", "Forced-Mode")


def is_injected(given: Request) -> bool:
    """Return whether a fault sent this request; then its signature is not checked, and no fault affects it."""
    return INJECTED in given.environ


def inject_request(app: Flask, sandbox: Sandbox, number: int, text: str, ids: Mapping[str, int]) -> None:
    """Send a request before the current one, for the same key and in the same mode.

    Args:
        app: The application that answers it.
        sandbox: Stores the status of the answer.
        number: Number of the fault.
        text: Method, path and JSON body; `{id}` in the path is replaced by the SmartTrade of the current request.
        ids: Ids in the path of the current request.
    """
    method, path, *rest = text.split(maxsplit=2)
    trade_id = ids.get("trade_id", ids.get("id", ""))
    path = path.replace("{id}", str(trade_id))
    answer = app.test_client().open(
        path if path.startswith("/sandbox/") else API + path,
        method=method.upper(),
        data=rest[0] if rest else None,
        content_type="application/json" if rest else None,
        headers={name: request.headers[name] for name in PASSED_ON if name in request.headers},
        environ_overrides={INJECTED: True},
    )
    with sandbox.wire_transaction() as wire:
        wire.note_act(number, answer.status_code)
