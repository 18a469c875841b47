"""With any faults, the sandbox contains exactly what they say has taken effect."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.unit.sandbox.bodies import limit, trade
from tests.unit.sandbox.client import Client
from tests.unit.sandbox.twin import LISTING

# All but what lets another request go first, and what only lists show.
STRIKING = [kind for kind in FaultKind if kind not in {FaultKind.ACT, *LISTING} - {FaultKind.LAG}]

PARTS = {
    FaultKind.DELAY: {"seconds": Decimal(1)},
    FaultKind.LAG: {"reads": 1},
    FaultKind.HOLD: {"seconds": Decimal(99)},
}


def build(kind: FaultKind) -> Fault:
    return Fault(kind=kind, method="POST", **PARTS.get(kind, {}))  # type: ignore[arg-type]  # of the kind


def count_deliveries(faults: list[Fault]) -> int:
    """How often a request takes effect if these faults affect it together."""
    first = next((fault for fault in faults if fault.replaces_answer), None)
    if first is not None and not first.is_late:
        return 0
    return 2 if any(fault.kind is FaultKind.DUPLICATE for fault in faults) else 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(STRIKING), max_size=3), max_size=6))
def test_a_create_takes_effect_as_often_as_its_faults_say(history: list[list[FaultKind]]) -> None:
    with Sandbox() as sandbox:
        client = Client(sandbox)
        expected = 0
        for kinds in history:
            faults = [build(kind) for kind in kinds]
            for fault in faults:
                sandbox.add_fault(fault)
            try:
                client.send("POST", "/v2/smart_trades", trade(position=limit("9000")))
            except ConnectionError:
                assert any(fault.replaces_answer for fault in faults)
            sandbox.remove_faults()
            expected += count_deliveries(faults)
        client.call("GET", "/v2/smart_trades")
        listed = [entity["id"] for entity in client.call("GET", "/v2/smart_trades?per_page=100").body]
        free, reserved = client.balance("USDT")

    assert len(listed) == len(set(listed)) == expected
    assert sorted(listed) == list(range(min(listed, default=0), max(listed, default=-1) + 1))
    assert reserved == expected * Decimal("90.09")
    assert free + reserved == 10000000
