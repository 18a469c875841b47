"""Laws that hold in every history: money is conserved, nothing is closed that was not entered, an end is an end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sandbox.exchange import Sandbox
from reconciler.sandbox.orders import COMMISSION
from reconciler.sandbox.statuses import TERMINAL_STATUSES
from reconciler.sandbox.terms import Side
from reconciler.sandbox.trade import Fill, SmartTrade
from reconciler.sandbox.world import World
from tests.sandbox.bodies import OFF, conditional, limit, market, step, steps, stop, trade
from tests.sandbox.client import Client

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
        "conditional limit": conditional(price, side, draw(prices)) | {"units": {"value": units}},
    }
    return kinds[draw(st.sampled_from(sorted(kinds)))]


@st.composite
def exits(draw: st.DrawFn) -> dict[str, Any]:
    volumes = draw(st.sampled_from([[], [100], [50, 50], [33, 33, 34], [10, 20, 30, 40]]))
    listed = [step(draw(prices), volume, draw(st.sampled_from(["market", "limit"]))) for volume in volumes]
    if listed and listed[-1]["order_type"] == "market" and draw(st.booleans()):
        listed[-1] = listed[-1] | {"trailing": TRAILING}
    stops = [OFF, stop(draw(prices)), stop(draw(prices), order_type="limit", price={"value": draw(prices)})]
    return {"take_profit": steps(*listed) if listed else OFF, "stop_loss": draw(st.sampled_from(stops))}


@st.composite
def creates(draw: st.DrawFn) -> dict[str, Any]:
    entry = draw(entries())
    kind = draw(st.sampled_from(["smart", "smart", "instant", "own"]))
    if kind == "own":
        entry = entry | {"order_type": "market", "price": {"value": draw(prices)}}
    return trade(position=entry, instant=kind == "instant", skip_enter_step=kind == "own", **draw(exits()))


commands = st.one_of(
    st.tuples(st.just("create"), creates()),
    st.tuples(st.just("create"), creates()),
    st.tuples(st.just("price"), prices),
    st.tuples(st.just("price"), prices),
    st.tuples(st.sampled_from(["cancel", "close", "force_start", "step_cancel", "step_close"]), st.integers(0, 5)),
    st.tuples(st.just("patch"), st.tuples(st.integers(0, 5), entries(), exits())),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(commands, max_size=25), st.booleans())
def test_laws_hold_in_every_history(history: list[tuple[str, Any]], is_poor: bool) -> None:
    with Sandbox() as sandbox:
        client = Client(sandbox)
        client.price("9500")
        if is_poor:
            impoverish(sandbox)
        start = total_funds(sandbox)
        ended: dict[int, str] = {}
        ids: list[int] = []
        for name, value in history:
            carry_out(client, name, value, ids)
            check_laws(sandbox, start, ended)
        assert len(set(ids)) == len(ids)


def impoverish(sandbox: Sandbox) -> None:
    with sandbox.transaction() as world:
        world.wallet(1).spend("USDT", Decimal(9950000))
        world.wallet(1).spend("BTC", Decimal(997))


def total_funds(sandbox: Sandbox) -> dict[str, Decimal]:
    with sandbox.transaction(write=False) as world:
        balances = world.wallet(1).balances()
        return {currency: balance.free + balance.reserved for currency, balance in balances.items()}


def carry_out(client: Client, name: str, value: Any, ids: list[int]) -> None:
    if name == "price":
        client.price(value)
    elif name == "create":
        ids.append(client.create(value)["id"])
    elif ids:
        number = value[0] if name == "patch" else value
        trade_id = ids[number % len(ids)]
        listed = client.show(trade_id)["take_profit"]["steps"]
        step_id = listed[number % len(listed)]["id"] if listed else 0
        answers = {
            "cancel": lambda: client.delete(str(trade_id)),
            "close": lambda: client.post(f"{trade_id}/close_by_market"),
            "force_start": lambda: client.post(f"{trade_id}/force_start"),
            "step_cancel": lambda: client.delete(f"{trade_id}/trades/{step_id}"),
            "step_close": lambda: client.post(f"{trade_id}/trades/{step_id}/close_by_market"),
            "patch": lambda: client.patch(trade_id, {"position": value[1], **value[2]}),
        }
        assert answers[name]().status in (200, 201, 400, 404, 422)


def check_laws(sandbox: Sandbox, start: dict[str, Decimal], ended: dict[int, str]) -> None:
    with sandbox.transaction(write=False) as world:
        trades = list(read_trades(world))
        balances = world.wallet(1).balances()
    expected = dict(start)
    order_ids: list[int] = []
    for found in trades:
        assert found.closed_amount <= found.entered_amount
        assert not found.is_unsettled
        if found.is_terminal:
            assert ended.setdefault(found.id, found.status) == found.status
            assert reserved_by(found) == {}
        else:
            assert found.id not in ended
        order_ids += [order.id for order in orders_of(found)]
        for side, fill in fills_of(found):
            book(expected, side, fill)
    assert len(set(order_ids)) == len(order_ids)
    for currency, balance in balances.items():
        assert balance.free >= 0
        assert balance.free + balance.reserved == expected[currency]
        assert balance.reserved == sum(reserved_by(found).get(currency, 0) for found in trades)


def read_trades(world: World) -> Iterator[SmartTrade]:
    for trade_id in world.trades.select_ids("SELECT id FROM trades ORDER BY id", []):
        yield world.trades.read_trade(trade_id)


def orders_of(found: SmartTrade) -> list[Any]:
    return [order for order in (found.position, *found.steps, found.stop, found.market_close) if order is not None]


def fills_of(found: SmartTrade) -> Iterator[tuple[Side, Fill]]:
    for order in orders_of(found):
        if order.fill is not None:
            yield found.position.terms.side if order is found.position else found.exit_side, order.fill


def book(funds: dict[str, Decimal], side: Side, fill: Fill) -> None:
    sign = 1 if side is Side.BUY else -1
    worth = fill.amount * fill.price
    assert fill.total == worth + sign * worth * COMMISSION
    funds["BTC"] += sign * fill.amount
    funds["USDT"] -= sign * fill.total


def reserved_by(found: SmartTrade) -> dict[str, Decimal]:
    """Funds that the orders of a trade hold, by currency."""
    held: dict[str, Decimal] = {}
    for order in (found.position, *found.steps, found.stop):
        if order is not None and order.reserved:
            side = found.position.terms.side if order is found.position else found.exit_side
            currency = "USDT" if side is Side.BUY else "BTC"
            held[currency] = held.get(currency, Decimal(0)) + order.reserved
    assert all(status in TERMINAL_STATUSES for status in [found.status] if found.is_terminal)
    return held
