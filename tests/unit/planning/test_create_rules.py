"""What a create refuses although a file may state it of a live trade."""

from __future__ import annotations

import pytest

from reconciler.model.plan_reasons import BlockHint, BlockReason
from reconciler.model.specs import TradeSpec
from reconciler.planning.create_rules import find_create_refusal
from reconciler.rendering.reasons import describe
from tests.support.check_files import check_text

BREAKEVEN = "stop_loss: {order_type: market, breakeven: true, conditional: {price: 50}}"
MARKET = "position: {type: buy, order_type: market, units: 1}"
TRAILING = (
    "position: {type: buy, order_type: conditional, units: 1,"
    " conditional: {price: 60, order_type: market, trailing: 1}}"
)
STEP = "{order_type: limit, price: 70, volume: %s}"
PERCENT = "{order_type: limit, price: {percent: 5}, volume: 100}"


def read(fields: str) -> TradeSpec:
    specs, _ = check_text(f"version: 1\naccount: main\ntrades: {{a: {{pair: USDT_BTC, {fields}}}}}")
    return specs[0]


@pytest.mark.parametrize(
    ("fields", "why", "hint"),
    [
        (
            f"{MARKET}, take_profit: {{unallocated: 50, steps: [{STEP % 50}]}}",
            BlockReason.CREATE_NOT_WHOLE,
            BlockHint.LIST_ALL_STEPS,
        ),
        (
            f"{MARKET}, take_profit: [{STEP % 100}], {BREAKEVEN}",
            BlockReason.CREATE_BREAKEVEN,
            BlockHint.ADD_A_STEP,
        ),
        (f"{TRAILING}, take_profit: [{STEP % 100}]", BlockReason.CREATE_TRAILING_PRICES, BlockHint.WRITE_PERCENT),
        (
            f"{TRAILING}, take_profit: [{PERCENT}], stop_loss: {{order_type: market, conditional: {{price: 50}}}}",
            BlockReason.CREATE_TRAILING_PRICES,
            BlockHint.WRITE_PERCENT,
        ),
    ],
)
def test_a_create_is_refused_with_a_reason(fields: str, why: BlockReason, hint: BlockHint) -> None:
    refusal = find_create_refusal(read(fields))
    assert refusal is not None
    assert [part.code for part in refusal] == [why, hint]
    assert all(map(describe, refusal))


@pytest.mark.parametrize(
    "fields",
    [
        f"{MARKET}, take_profit: [{STEP % 50}, {STEP % 50}], {BREAKEVEN}",
        f"{TRAILING}, take_profit: [{PERCENT}]",
        MARKET,
    ],
)
def test_a_complete_trade_may_be_created(fields: str) -> None:
    assert find_create_refusal(read(fields)) is None
