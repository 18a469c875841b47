"""Laws that hold in every history of requests, prices, time, events on demand and faults on the wire.

Money is conserved, nothing is closed that was not entered, an end is an end, ids are never reused, what the flags offer
is what the endpoints then allow, and a request whose answer is lost has happened as a whole or not at all.

A failure prints its history and the seed; `SEED=7 HISTORIES=5000 pytest tests/unit/sandbox/test_laws.py` tries others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from reconciler.sandbox.engine.funds import max_reduction
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import Fill, Order, SmartTrade
from reconciler.sandbox.entities.orders import describe_orders
from reconciler.sandbox.entities.smart_trade import describe_trade
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.requests import trade_actions as actions
from reconciler.sandbox.requests.update_trade import update_trade
from reconciler.sandbox.store.faults import Fault, FaultKind, Stage
from reconciler.sandbox.values.errors import InvalidEvent
from reconciler.sandbox.values.options import FeeCurrency, Options
from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.values.statuses import TERMINAL_STATUSES
from reconciler.sandbox.values.terms import ChangeTerms, FundsTerms, OrderType, Side
from reconciler.sandbox.values.wallet import Balance, Wallet
from tests.unit.sandbox.bodies import OFF, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client
from tests.unit.sandbox.twin import Request, Twin, send_with_faults

SEED = int(os.environ.get("SEED", "0"))
HISTORIES = int(os.environ.get("HISTORIES", "50"))

PRICES = [str(price) for price in range(8000, 12001, 250)]

prices = st.sampled_from(PRICES)
sides = st.sampled_from(["buy", "sell"])
TRAILING = {"enabled": True, "percent": 2}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    units = draw(st.sampled_from(["0.01", "0.02371", "5"]))
    side, price = draw(sides), draw(prices)
    kinds = {
        "market": market(units, side),
        "limit": limit(price, units, side),
        "conditional": conditional(price, side) | {"units": {"value": units}},
        "trailing": conditional(price, side, trailing={"enabled": True, "percent": 3}) | {"units": {"value": units}},
        "conditional limit": conditional(price, side, draw(prices)) | {"units": {"value": units}},
    }
    return kinds[draw(st.sampled_from(sorted(kinds)))]


@st.composite
def exits(draw: st.DrawFn) -> dict[str, Any]:
    volumes = draw(st.sampled_from([[], [100], [50, 50], [33, 33, 34], [10, 20, 30, 40]]))
    listed = [step(draw(prices), volume, draw(st.sampled_from(["market", "limit"]))) for volume in volumes]
    if listed and listed[-1]["order_type"] == "market" and draw(st.booleans()):
        listed[-1] = listed[-1] | {"trailing": TRAILING}
    trailing = {"conditional": {"price": {"type": "last", "value": draw(prices)}, "trailing": TRAILING}}
    stops = [
        OFF,
        stop(draw(prices)),
        stop(draw(prices), order_type="limit", price={"value": draw(prices)}),
        stop(draw(prices), timeout={"enabled": True, "value": 8}),
        stop(draw(prices), breakeven=len(listed) > 1) | (trailing if draw(st.booleans()) else {}),
    ]
    return {"take_profit": steps(*listed) if listed else OFF, "stop_loss": draw(st.sampled_from(stops))}


@st.composite
def funds(draw: st.DrawFn) -> dict[str, Any]:
    body: dict[str, Any] = {"order_type": "market", "units": {"value": draw(st.sampled_from(["0.001", "0.01", "1"]))}}
    return body if draw(st.booleans()) else body | {"order_type": "limit", "price": {"value": draw(prices)}}


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, str]:
    return {
        "pending_reads": draw(st.sampled_from(["0", "0", "1", "3", "clock"])),
        "finished_steps": draw(st.sampled_from(["kept", "refused"])),
        "missing_groups": draw(st.sampled_from(["unchanged", "disabled"])),
        "trailing_stop": draw(st.sampled_from(["unchanged", "moved"])),
        "trailing_percent": draw(st.sampled_from(["as_sent", "null"])),
        "off_grid": draw(st.sampled_from(["cut", "refused"])),
        "entities": draw(st.sampled_from(["documented", "recorded"])),
        "breakeven": draw(st.sampled_from(["unchanged", "moved"])),
        "fee_currency": draw(st.sampled_from(["quote", "received"])),
        "unknown_trade": draw(st.sampled_from(["400", "404"])),
        "cancel_answer": draw(st.sampled_from(["entity", "empty"])),
        "wrong_status": draw(st.sampled_from(["400", "403", "422"])),
    }


@st.composite
def creates(draw: st.DrawFn) -> dict[str, Any]:
    entry = draw(entries())
    kind = draw(st.sampled_from(["smart", "smart", "instant", "own"]))
    if kind == "own":
        entry = entry | {"order_type": "market", "price": {"value": draw(prices)}}
    groups = draw(exits())
    if kind != "own" and "trailing" in entry.get("conditional", {}):
        groups = in_percent(groups)
    return trade(position=entry, instant=kind == "instant", skip_enter_step=kind == "own", **groups)


def in_percent(groups: dict[str, Any]) -> dict[str, Any]:
    """The same exits, two percent away from the entry, as a trailing entry needs them."""
    groups = deepcopy(groups)
    conditions = [found["price"] for found in groups["take_profit"].get("steps", [])]
    if "conditional" in groups["stop_loss"]:
        conditions.append(groups["stop_loss"]["conditional"]["price"])
    for condition in conditions:
        del condition["value"]
        condition["percent"] = 2
    return groups


numbers = st.integers(0, 5)
EVENTS = [
    ("refuse", "kyc"),
    ("fill_on_cancel", None),
    ("fill_on_cancel", "40"),
    ("kill_stop", "suspended"),
]
commands = st.one_of(
    st.tuples(st.just("create"), creates()),
    st.tuples(st.just("create"), creates()),
    st.tuples(st.just("price"), prices),
    st.tuples(st.just("price"), prices),
    st.tuples(st.just("advance"), st.sampled_from([1, 5, 30])),
    st.tuples(st.just("list"), st.just(0)),
    st.tuples(st.sampled_from(["cancel", "close", "force_start", "order_cancel", "step_close", "read"]), numbers),
    st.tuples(st.just("patch"), st.tuples(numbers, entries(), exits())),
    st.tuples(st.sampled_from(["add_funds", "reduce_funds"]), st.tuples(numbers, funds())),
    st.tuples(st.just("fill"), st.tuples(numbers, st.sampled_from(["0.001", "0.00237", "0.01", "2"]))),
    st.tuples(st.just("schedule"), st.sampled_from(EVENTS)),
)


# What may go first: the market, time, an event on demand, or somebody else with the same trade.
ACTS = [
    'POST /sandbox/price {"pair": "USDT_BTC", "last": "9000"}',
    'POST /sandbox/price {"pair": "USDT_BTC", "last": "11000"}',
    'POST /sandbox/advance {"seconds": 5}',
    'POST /sandbox/schedule {"event": "fill_on_cancel", "value": "40"}',
    "DELETE /v2/smart_trades/{id}",
    "POST /v2/smart_trades/{id}/close_by_market",
]
# What changes most comes more often than the many ways to be turned away.
OFTEN = [FaultKind.ACT, FaultKind.DUPLICATE, FaultKind.DELAY, FaultKind.LOSE_REPLY]
# What is held back takes effect with a later request, which the twin cannot foresee.
KINDS = [*OFTEN, *OFTEN, *OFTEN, *(kind for kind in FaultKind if kind is not FaultKind.HOLD)]
TIMED = (FaultKind.DELAY, FaultKind.TIES)
STAGED = [FaultKind.RESET, FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY, FaultKind.GATEWAY_TIMEOUT]


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(KINDS))
    return Fault(
        kind=kind,
        stage=draw(st.sampled_from([None, *Stage])) if kind in STAGED else None,
        seconds=draw(st.sampled_from([Decimal(1), Decimal(30)])) if kind in TIMED else None,
        reads=2 if kind is FaultKind.LAG else None,
        rows={FaultKind.SHIFT: draw(st.sampled_from([-1, 1])), FaultKind.CAP: 2}.get(kind),
        request=draw(st.sampled_from(ACTS)) if kind is FaultKind.ACT else None,
    )


NONE: list[Fault] = []
faults_of_a_request = st.one_of(st.just(NONE), st.lists(faults(), min_size=1, max_size=3))


@pytest.mark.slow
@seed(SEED)
@settings(max_examples=HISTORIES, deadline=None, database=None)
@given(st.lists(st.tuples(commands, faults_of_a_request), min_size=10, max_size=30), st.booleans(), configurations())
def test_laws_hold_in_every_history(
    history: list[tuple[tuple[str, Any], list[Fault]]], is_poor: bool, configuration: dict[str, str]
) -> None:
    note(f"seed {SEED}, {HISTORIES} histories")
    twin = Twin()
    with twin.sandbox, Sandbox(options=configuration) as sandbox:
        client = Client(sandbox)
        client.price("9500")
        if is_poor:
            impoverish(sandbox)
        start = total_funds(sandbox)
        ended: dict[int, str] = {}
        ids: list[int] = []
        seen: dict[int, int] = {}
        for (name, value), affecting in history:
            carry_out(client, twin, name, value, ids, affecting)
            check_laws(sandbox, start, ended, seen)
            check_ids(sandbox, ids)


def check_ids(sandbox: Sandbox, ids: list[int]) -> None:
    """Note the new trades: no trade is gone, and a new one has an id above all others."""
    with sandbox.transaction(write=False) as transaction:
        present = [found.id for found in read_trades(transaction)]
    assert present[: len(ids)] == ids
    ids[:] = present


def impoverish(sandbox: Sandbox) -> None:
    with sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(9950000))
        transaction.wallet(1).spend("BTC", Decimal(997))


def total_funds(sandbox: Sandbox) -> dict[str, Decimal]:
    with sandbox.transaction(write=False) as transaction:
        balances = transaction.wallet(1).balances()
        return {currency: balance.free + balance.reserved for currency, balance in balances.items()}


def carry_out(client: Client, twin: Twin, name: str, value: Any, ids: list[int], affecting: Sequence[Fault]) -> None:
    if name == "price":
        client.price(value)
    elif name == "advance":
        client.sandbox.advance(value)
    elif name == "create":
        send(client, twin, Request(method="POST", path="/v2/smart_trades", body=value), affecting)
    elif name == "list":
        # A list that is delivered twice has been read twice, which lists that lag behind a create count.
        single = [fault for fault in affecting if fault.kind is not FaultKind.DUPLICATE]
        send(client, twin, Request(method="GET", path="/v2/smart_trades?per_page=100&status=all"), single)
    elif name == "schedule":
        client.sandbox.schedule(value[0], value=value[1])
    elif ids:
        number = value[0] if isinstance(value, tuple) else value
        trade_id = ids[number % len(ids)]
        if name == "fill":
            fill(client, trade_id, value[1])
        else:
            send(client, twin, build_request(client, name, value, trade_id, number), affecting)


def send(client: Client, twin: Twin, request: Request, affecting: Sequence[Fault]) -> None:
    if affecting:
        send_with_faults(client, twin, request, affecting)
        return
    answer = client.call(request.method, request.path, request.body)
    assert answer.status in (200, 201, 204, 400, 403, 404, 422)
    assert answer.status < 400 or request.path != "/v2/smart_trades"


def fill(client: Client, trade_id: int, units: str) -> None:
    with suppress(InvalidEvent):
        client.sandbox.fill(trade_id, Decimal(units))


def build_request(client: Client, name: str, value: Any, trade_id: int, number: int) -> Request:
    listed = client.show(trade_id)["take_profit"]["steps"]
    step_id = listed[number % len(listed)]["id"] if listed else 0
    orders = client.orders(trade_id)
    order_id = orders[number % len(orders)]["id"]
    method, path = {
        "read": ("GET", ""),
        "cancel": ("DELETE", ""),
        "close": ("POST", "/close_by_market"),
        "force_start": ("POST", "/force_start"),
        "order_cancel": ("DELETE", f"/trades/{order_id}"),
        "step_close": ("POST", f"/trades/{step_id}/close_by_market"),
        "patch": ("PATCH", ""),
        "add_funds": ("POST", "/add_funds"),
        "reduce_funds": ("POST", "/reduce_funds"),
    }[name]
    body = None
    if name == "patch":
        body = {"position": value[1], **value[2]}
    elif isinstance(value, tuple):
        body = value[1]
    return Request(method=method, path=f"/v2/smart_trades/{trade_id}{path}", body=body)


def check_laws(sandbox: Sandbox, start: dict[str, Decimal], ended: dict[int, str], seen: dict[int, int]) -> None:
    with sandbox.transaction(write=False) as transaction:
        trades = list(read_trades(transaction))
        balances = transaction.wallet(1).balances()
        for found in trades:
            check_flags(transaction, found)
        options = transaction.options
    expected = dict(start)
    order_ids: list[int] = []
    for found in trades:
        assert 0 <= found.closed_amount <= found.entered_amount
        if found.is_terminal:
            assert not found.is_unsettled
            assert ended.setdefault(found.id, found.status) == found.status
            assert reserved_by(found) == {}
        else:
            assert found.id not in ended
        order_ids += [order.id for order in found.list_orders()]
        for side, fill in fills_of(found):
            book(expected, side, fill, options)
        check_amounts(found)
        for order in found.list_orders():
            assert seen.setdefault(order.id, found.id) == found.id
    assert len(set(order_ids)) == len(order_ids)
    for currency, balance in balances.items():
        assert balance.free >= 0
        assert balance.free + balance.reserved == expected[currency]
        assert balance.reserved == sum(reserved_by(found).get(currency, 0) for found in trades)


def check_amounts(found: SmartTrade) -> None:
    """The amounts of a trade are those of its fills."""
    entered = sum((order.fill.amount for order in found.list_entering() if order.fill), Decimal(0))
    if not found.skip_enter_step:
        assert found.entered_amount == entered
    assert found.closed_amount == sum((order.filled_units for order in found.list_closing()), Decimal(0))


def check_flags(transaction: Transaction, found: SmartTrade) -> None:
    """What a trade offers is taken, and what it does not offer is refused, each tried on a copy."""
    entity = describe_trade(found, transaction.account(1), transaction.quotes, transaction.options)
    flags: Any = entity["data"]
    moment = on_a_copy(transaction.moment(found))
    smallest = FundsTerms(order_type=OrderType.MARKET, units=Decimal("0.001"))
    change = ChangeTerms(
        units=found.position.terms.units,
        replaces_steps=False,
        replaces_stop=False,
    )
    unchanging = replace(moment, options=Options())
    offers: list[tuple[bool, Callable[[SmartTrade], object]]] = [
        (flags["editable"], lambda trade: update_trade(trade, change, unchanging, range)),
        (flags["cancel_available"], lambda trade: actions.cancel_trade(trade, moment)),
        (flags["panic_sell_available"], lambda trade: actions.close_trade(trade, 1, moment)),
        (flags["force_start_available"], lambda trade: actions.force_start(trade, moment)),
        (flags["force_process_available"], lambda trade: actions.force_process(trade, moment)),
        (flags["add_funds_available"], lambda trade: actions.add_funds(trade, smallest, 1, moment)),
    ]
    if not flags["reduce_funds_available"] or max_reduction(found, moment) >= smallest.units:
        offers.append((flags["reduce_funds_available"], lambda trade: actions.reduce_funds(trade, smallest, 1, moment)))
    for order in describe_orders(found, transaction.quotes[found.pair]):
        order_id: Any = order["id"]
        offers.append((bool(order["cancelable"]), partial(cancel_part, order_id, moment)))
    shown: Any = entity["take_profit"]
    offers.extend(
        (listed["data"]["panic_sell_available"], partial(close_step, listed["id"], moment)) for listed in shown["steps"]
    )
    for is_offered, act in offers:
        assert is_taken(act, deepcopy(found)) is is_offered, (found.status, act)


def cancel_part(order_id: int, moment: Moment, trade: SmartTrade) -> None:
    actions.cancel_part(trade, order_id, moment)


def close_step(step_id: int, moment: Moment, trade: SmartTrade) -> None:
    actions.close_step(trade, step_id, moment)


def on_a_copy(moment: Moment) -> Moment:
    """The same moment with a wallet that nobody counts, and without events."""
    balances = {currency: Balance(Decimal(10**9), Decimal(10**9)) for currency in ("USDT", "BTC")}
    return replace(moment, wallet=Wallet(balances), take_event=lambda kind: None)


def is_taken(act: Callable[[SmartTrade], object], trade: SmartTrade) -> bool:
    try:
        act(trade)
    except RequestRefused:
        return False
    return True


def read_trades(transaction: Transaction) -> Iterator[SmartTrade]:
    for trade_id in transaction.trades.select_ids("SELECT id FROM trades ORDER BY id", []):
        yield transaction.trades.read_trade(trade_id)


def sides_of(found: SmartTrade) -> Iterator[tuple[Side, Order]]:
    for order in found.list_entering():
        yield found.position.terms.side, order
    for closing in found.list_closing():
        yield found.exit_side, closing


def fills_of(found: SmartTrade) -> Iterator[tuple[Side, Fill]]:
    for side, order in sides_of(found):
        if order.fill is not None:
            yield side, order.fill


def book(funds: dict[str, Decimal], side: Side, fill: Fill, options: Options) -> None:
    is_received = options.fee_currency is FeeCurrency.RECEIVED
    if side is Side.SELL:
        assert (fill.amount, fill.total) == (fill.units, fill.worth * (1 - options.fee))
    elif is_received:
        assert (fill.amount, fill.total) == (fill.units * (1 - options.fee), fill.worth)
    else:
        assert (fill.amount, fill.total) == (fill.units, fill.worth * (1 + options.fee))
    sign = 1 if side is Side.BUY else -1
    funds["BTC"] += sign * fill.amount
    funds["USDT"] -= sign * fill.total


def reserved_by(found: SmartTrade) -> dict[str, Decimal]:
    """Funds that the orders of a trade reserve, by currency."""
    held: dict[str, Decimal] = {}
    for side, order in sides_of(found):
        if order.reserved:
            currency = "USDT" if side is Side.BUY else "BTC"
            held[currency] = held.get(currency, Decimal(0)) + order.reserved
    assert all(status in TERMINAL_STATUSES for status in [found.status] if found.is_terminal)
    return held
