from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask, request

from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.injected_requests import INJECTED, inject_request, is_injected


def inject(app: Flask, sandbox: Sandbox, text: str, ids: Mapping[str, int]) -> int | None:
    number = sandbox.add_fault(Fault(kind=FaultKind.ACT, request=text))
    with app.test_request_context("/", headers={"APIKEY": DEFAULT_API_KEY}):
        inject_request(app, sandbox, number, text, ids)
    return sandbox.list_faults()[-1].act_status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("get /ver1/validate", 200),
        ("GET /v2/smart_trades/{id}", 400),
        ('POST /sandbox/advance {"seconds": 5}', 200),
        ("GET /nothing", 404),
    ],
)
def test_the_status_of_an_injected_request_is_stored(sandbox: Sandbox, text: str, status: int) -> None:
    assert inject(create_app(sandbox), sandbox, text, {"id": 7}) == status


def test_only_this_process_can_mark_a_request_as_injected(sandbox: Sandbox) -> None:
    app = create_app(sandbox)
    with app.test_request_context("/", headers={INJECTED: "1"}):
        assert not is_injected(request)
    with app.test_request_context("/", environ_overrides={INJECTED: True}):
        assert is_injected(request)
