from __future__ import annotations

import json
from decimal import Decimal

from reconciler.sandbox.engine.entry import send_entry
from reconciler.sandbox.engine.exits import arm_exits
from reconciler.sandbox.engine.trade import FundsOrder, MarketClose
from reconciler.sandbox.store.trade_documents import read_document, write_document
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.terms import Crossing, EntryType, FundsTerms, Leverage, LeverageType, OrderType
from tests.unit.sandbox.trades import build_entry, build_moment, build_step, build_stop, build_waiting


def test_a_trade_with_every_kind_of_part_is_read_back() -> None:
    trade = build_waiting(
        build_entry(
            EntryType.CONDITIONAL,
            trigger=Decimal("9500.10"),
            trigger_type=PriceType.BID,
            conditional_order_type=OrderType.MARKET,
        ),
        steps=[build_step("11000", trailing_pct=Decimal("1.50"))],
        stop=build_stop("9000", has_breakeven=True),
        leverage=Leverage(type=LeverageType.CROSS, value=Decimal(3)),
        note="mine",
    )
    terms = FundsTerms(order_type=OrderType.LIMIT, units=Decimal("0.1"), price=Decimal(9000))
    trade.averaging.append(FundsOrder(id=31, terms=terms, created_at_ms=5))
    trade.market_close = MarketClose(id=41)
    send_entry(trade, build_moment())
    arm_exits(trade, build_moment())
    trade.position.crossing = Crossing.DOWNWARDS

    assert read_document(write_document(trade)) == trade


def test_numbers_are_text_and_missing_values_are_left_out() -> None:
    document = json.loads(write_document(build_waiting()))

    assert document["entered_total"] == "0"
    assert "note" not in document
