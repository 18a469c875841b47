from __future__ import annotations

from collections import Counter

from reconciler.sandbox.exchange.access import ALL_PERMISSIONS
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.wire.account_routes import ACCOUNT_ROUTES
from reconciler.sandbox.wire.routes import ANY_KEY, ApiCall
from reconciler.sandbox.wire.trade_routes import TRADE_ROUTES

ROUTES = (*ACCOUNT_ROUTES, *TRADE_ROUTES)


def test_every_route_is_there_once_with_a_known_permission() -> None:
    counts = Counter((route.method, route.path) for route in ROUTES)

    assert set(counts.values()) == {1}
    assert {route.permission for route in ROUTES} <= {None, ANY_KEY, *ALL_PERMISSIONS}


def test_a_get_changes_nothing_and_a_post_answers_201() -> None:
    for route in TRADE_ROUTES:
        assert route.writes is (route.method != "GET")
        assert route.status == (201 if route.method == "POST" else 200)


def test_a_call_lists_its_faults_by_kind(sandbox: Sandbox) -> None:
    cap = Fault(kind=FaultKind.CAP, rows=5)
    with sandbox.transaction() as transaction:
        call = ApiCall(
            transaction=transaction,
            parameters={},
            user="me",
            permissions=frozenset(),
            mode="paper",
            ids={},
            faults=(cap, Fault(kind=FaultKind.EMPTY)),
        )

    assert call.list_faults(FaultKind.CAP) == [cap]
    assert call.list_faults(FaultKind.SHIFT) == []
