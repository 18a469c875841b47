from __future__ import annotations

from decimal import Decimal

from flask import request

from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, Sandbox
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.held_requests import hold_request, release_requests
from tests.unit.sandbox.bodies import trade


def test_a_held_request_takes_effect_once_its_time_is_over(sandbox: Sandbox) -> None:
    app = create_app(sandbox)
    path = "/public/api/v2/smart_trades"
    with app.test_request_context(path, method="POST", json=trade(), headers={"APIKEY": DEFAULT_API_KEY}):
        hold_request(sandbox, request, Decimal(5))
    counts = []
    for _ in range(3):
        release_requests(app, sandbox)
        counts.append(sandbox.show()["trades"])
        sandbox.advance(3)

    assert counts == [{}, {}, {"waiting_targets": 1}]
    assert sandbox.is_wire_quiet()
