from __future__ import annotations

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.wire.admission import count_caller, take_faults


def test_each_caller_is_counted_for_itself(sandbox: Sandbox) -> None:
    limits = RateLimits(requests=1)
    count_caller(sandbox, "one", limits)
    count_caller(sandbox, "other", limits)
    with pytest.raises(RequestRefused) as refused:
        count_caller(sandbox, "one", limits)

    assert refused.value.status == 429


def test_a_refused_request_is_remembered(sandbox: Sandbox) -> None:
    limits = RateLimits(requests=0, patience=1)
    statuses = []
    for _ in range(3):
        with pytest.raises(RequestRefused) as refused:
            count_caller(sandbox, "one", limits)
        statuses.append(refused.value.status)

    assert statuses == [429, 429, 418]


def test_only_matching_faults_affect_a_request(sandbox: Sandbox) -> None:
    assert take_faults(sandbox, "GET", "/ver1/ping") == ()
    sandbox.add_fault(Fault(kind=FaultKind.RESET, path="/v2/*"))

    assert list(take_faults(sandbox, "GET", "/ver1/ping")) == []
    assert [fault.kind for _, fault in take_faults(sandbox, "GET", "/v2/smart_trades")] == [FaultKind.RESET]


def test_a_list_request_counts_for_hidden_trades(sandbox: Sandbox) -> None:
    with sandbox.wire_transaction() as wire:
        wire.hide_trade(7, [Fault(kind=FaultKind.LAG, reads=1)], wire.now_ms)
    for _ in range(2):
        assert not sandbox.is_wire_quiet()
        take_faults(sandbox, "GET", "/v2/smart_trades")

    assert sandbox.is_wire_quiet()
