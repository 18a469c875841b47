"""Trades and moments in memory, for tests of the engine without a store or a wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import Position, SmartTrade, Step, Stop
from reconciler.sandbox.values.market import PriceType, follow_last
from reconciler.sandbox.values.options import Options, TrailingPercent
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import EntryTerms, EntryType, OrderType, Side, StepTerms, StopTerms
from reconciler.sandbox.values.wallet import Balance, Wallet

BTC = PAIRS["USDT_BTC"]
FREE_OF_CHARGE = Options(fee_pct=Decimal(0), trailing_percent=TrailingPercent.AS_SENT)


def build_moment(
    last: str = "10000",
    *,
    before: str | None = None,
    wallet: Wallet | None = None,
    at_ms: int = 1000,
    options: Options = FREE_OF_CHARGE,
    event: tuple[EventKind, str] | None = None,
) -> Moment:
    """Bitcoin at a price, with a rich wallet and no fee unless something else is given."""
    return Moment(
        pair=BTC,
        before=follow_last(BTC, Decimal(before or last)),
        after=follow_last(BTC, Decimal(last)),
        wallet=wallet or build_wallet(),
        at_ms=at_ms,
        options=options,
        take_event=lambda kind: event[1] if event is not None and event[0] is kind else None,
    )


def build_wallet(usdt: str = "100000", btc: str = "100") -> Wallet:
    return Wallet({"USDT": Balance(Decimal(usdt), Decimal(0)), "BTC": Balance(Decimal(btc), Decimal(0))})


def build_entry(order_type: EntryType = EntryType.MARKET, **others: Any) -> EntryTerms:
    return EntryTerms(**{"side": Side.BUY, "order_type": order_type, "units": Decimal(1), **others})


def build_step(price: str, *, volume: str = "100", step_id: int = 11, **others: Any) -> Step:
    given = {"order_type": OrderType.MARKET, "price_type": PriceType.LAST, **others}
    terms = StepTerms(volume_pct=Decimal(volume), price=Decimal(price), **given)
    return Step(id=step_id, terms=terms, price=Decimal(price))


def build_stop(trigger: str, **others: Any) -> Stop:
    given = {"order_type": OrderType.MARKET, "price_type": PriceType.LAST, **others}
    given.setdefault("is_trailing", "trailing_pct" in others)
    return Stop(id=21, terms=StopTerms(trigger=Decimal(trigger), **given), trigger=Decimal(trigger))


def build_waiting(entry: EntryTerms | None = None, **others: Any) -> SmartTrade:
    """A trade whose entry waits to be sent."""
    position = Position(id=1, terms=entry or build_entry(), status=OrderStatus.TO_PROCESS)
    given = {
        "id": 7,
        "account_id": 1,
        "pair": BTC.name,
        "is_instant": False,
        "skip_enter_step": False,
        "status": TradeStatus.WAITING_POSITION,
        "position": position,
        "created_at_ms": 0,
        "updated_at_ms": 0,
    }
    return SmartTrade(**{**given, **others})


def build_open(
    units: str = "1",
    price: str = "10000",
    *,
    side: Side = Side.BUY,
    steps: Sequence[Step] = (),
    stop: Stop | None = None,
) -> SmartTrade:
    """A trade that holds a position, with exits that are not active yet."""
    trade = build_waiting(build_entry(units=Decimal(units), side=side), steps=list(steps), stop=stop)
    trade.status = TradeStatus.WAITING_TARGETS
    trade.position.status = OrderStatus.FINISHED
    trade.has_take_profit = bool(steps)
    trade.entered_amount = Decimal(units)
    trade.entered_total = Decimal(units) * Decimal(price)
    return trade


def at(moment: Moment, last: str, **others: Any) -> Moment:
    """The next tick: the prices before are those of the given moment."""
    return replace(moment, before=moment.after, after=follow_last(BTC, Decimal(last)), **others)
