"""Fields without effect, as form-like clients send them."""

from __future__ import annotations

import pytest

from reconciler.validation.unused import drop_unused, is_blank
from tests.support.check_files import check_text

HEAD = "version: 1\naccount: main\ntrades: {a: {pair: USDT_BTC, "
MARKET = "position: {type: buy, order_type: market, units: 1}"


def messages(fields: str) -> list[str]:
    _, problems = check_text(f"{HEAD}{fields}}}}}")
    return [f"{problem.path}: {problem.message}" for problem in problems]


@pytest.mark.parametrize(
    "fields",
    [
        "stop_loss: {order_type: market, conditional: {price: 5, trailing: {enabled: false, percent: 0}}}",
        'stop_loss: {order_type: market, conditional: {price: 5, trailing: {enabled: "false", percent: "0"}}}',
        "stop_loss: {order_type: market, price: {value: 0}, conditional: {price: 5}}",
        "stop_loss: {order_type: market, conditional: {price: 5, trailing: {enabled: true, percent: null}}}",
        "stop_loss: {order_type: market, conditional: {price: 5, trailing: {enabled: 'true', percent: ''}}}",
        'stop_loss: {order_type: market, price: "", conditional: {price: 5}, timeout: {enabled: false, value: -1}}',
        "stop_loss: {enabled: false, order_type: '', price: -1, conditional: {price: {value: ''}}, breakeven: ''}",
        "take_profit: {enabled: false, steps: [{order_type: '', price: 0, volume: 0}], unallocated: -1}",
        "leverage: {enabled: false, type: '', value: 0}",
        "take_profit: [{order_type: limit, price: {value: 9, percent: 0, type: bid}, volume: 100}]",
        "take_profit: [{order_type: limit, price: 9, volume: 100, trailing: {enabled: false, percent: null}}]",
        'note: ""',
        'note: "  "',
    ],
)
def test_what_is_off_or_not_used_is_accepted_as_a_form_sends_it(fields: str) -> None:
    assert messages(f"{MARKET}, {fields}") == []


@pytest.mark.parametrize("blank", ["0", '"0"', '""', "-1", '"-1"', "{value: 0}", '{value: ""}'])
def test_a_market_entry_may_have_a_blank_price_and_trigger(blank: str) -> None:
    condition = f"conditional: {{price: {blank}, order_type: market, trailing: {{enabled: false}}}}"
    assert messages(f"position: {{type: buy, order_type: market, units: 1, price: {blank}, {condition}}}") == []


@pytest.mark.parametrize("blank", ["0", '"0"', "-1", '"-1"'])
def test_a_number_that_is_used_is_refused_however_it_is_written(blank: str) -> None:
    assert messages(f"position: {{type: buy, order_type: limit, units: 1, price: {blank}}}")
    assert messages(f"{MARKET}, stop_loss: {{order_type: market, conditional: {{price: {blank}}}}}")
    own = f"skip_enter_step: true, position: {{type: buy, order_type: market, units: 1, price: {blank}}}"
    assert "expected more than 0" in messages(own)[0]


def test_a_trigger_with_a_price_at_a_market_entry_is_still_an_error() -> None:
    condition = "conditional: {price: 5, order_type: market}"
    assert "found a trigger" in messages(f"position: {{type: buy, order_type: market, units: 1, {condition}}}")[0]


def test_a_misspelt_key_in_a_group_that_is_off_is_reported() -> None:
    assert "did you mean type?" in messages(f"{MARKET}, leverage: {{enabled: false, typ: cross}}")[0]


def test_the_defaults_say_of_which_type_an_order_is() -> None:
    text = (
        "version: 1\naccount: main\ndefaults: {position: {order_type: market}}\n"
        "trades: {a: {pair: USDT_BTC, position: {type: buy, units: 1, price: 0}}}"
    )
    assert check_text(text)[1] == []


def test_a_trade_without_unused_fields_is_the_same_object() -> None:
    trade = {"position": {"order_type": "limit", "price": 5}, "take_profit": [{"price": 6}]}
    assert drop_unused(trade, {}) is trade


@pytest.mark.parametrize(("value", "expected"), [("", True), (0, True), ("-3", True), (None, False), (1, False)])
def test_a_blank_value_is_an_empty_text_or_not_positive(value: object, expected: bool) -> None:
    assert is_blank(value) is expected
