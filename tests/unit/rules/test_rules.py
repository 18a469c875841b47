"""The rules where the cases in tests/cases/invalid do not reach: limits, exceptions, and that none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import reconciler.rules
from reconciler.codec.note import room_for_text
from reconciler.desired.canonical import expand_trade, merge_defaults
from reconciler.loading.files import load_text
from reconciler.rules import RULES, Candidate, Finding, Rule, check_trade
from tests.support.check_files import check_text

INVALID = sorted((Path(__file__).parents[2] / "cases" / "invalid").glob("*.yaml"))
HEAD = "version: 1\naccount: main\ntrades: {a: {"


def messages(fields: str) -> list[str]:
    _, problems = check_text(f"{HEAD}{fields}}}}}")
    return [f"{problem.path.removeprefix('trades.a.')}: {problem.message}" for problem in problems]


def entry(fields: str = "", side: str = "buy", order_type: str = "market") -> str:
    return f"pair: USDT_BTC, position: {{type: {side}, order_type: {order_type}, units: 1{fields}}}"


def steps(*volumes: object) -> str:
    listed = ", ".join(f"{{order_type: limit, price: 9, volume: {volume}}}" for volume in volumes)
    return f"take_profit: [{listed}]"


def find_in_case(case: Path, rule: Rule) -> list[Finding]:
    document, _ = load_text(case.read_bytes(), case.name)
    trades = document.root.get("trades") if document else None
    defaults = document.root.get("defaults", {}) if document else {}
    if not isinstance(trades, dict) or not isinstance(defaults, dict):
        return []
    found: list[Finding] = []
    for name, trade in trades.items():
        if isinstance(trade, Mapping):
            fields = merge_defaults(expand_trade(trade), expand_trade(defaults))
            found += rule(Candidate.from_fields(fields, workspace="demo", name=name))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_bad_file_shows_each_rule_at_work(rule: Rule) -> None:
    assert any(find_in_case(case, rule) for case in INVALID)


def test_every_rule_is_registered() -> None:
    modules = [
        importlib.import_module(f"reconciler.rules.{module.name}")
        for module in pkgutil.iter_modules(reconciler.rules.__path__)
    ]
    written = {value for module in modules for name, value in vars(module).items() if name.startswith("check_")}
    assert written == set(RULES)


@pytest.mark.parametrize("fields", [{}, {"position": None}, {"position": 5, "take_profit": "x", "stop_loss": []}])
def test_no_rule_needs_anything_to_be_there(fields: dict[str, object]) -> None:
    list(check_trade(Candidate.from_fields(fields, workspace="demo", name="a")))


def test_volumes_are_added_exactly() -> None:
    assert messages(f"{entry()}, {steps('33.33', '33.33', '33.34')}") == []
    assert messages(f"{entry()}, {steps('0.1', '0.2', '99.7')}") == []
    assert "99.9999999999 percent" in messages(f"{entry()}, {steps('50', '49.9999999999')}")[0]


def test_eight_steps_are_allowed() -> None:
    assert messages(f"{entry()}, {steps(*[12.5] * 8)}") == []


def test_the_rules_leave_a_disabled_group_alone() -> None:
    stop = "stop_loss: {enabled: false, order_type: limit, conditional: {price: {percent: 5}}, timeout: false}"
    steps_off = "take_profit: {enabled: false, steps: [{order_type: limit, trailing: 5}], unallocated: 5}"
    assert messages(f"{entry()}, {steps_off}, leverage: {{enabled: false, value: '1.5'}}") == []
    assert messages(f"{entry()}, {stop}") == []


@pytest.mark.parametrize(("percent", "is_fine"), [("99", True), ("99.01", False), ("0.001", True)])
def test_an_entry_trails_by_up_to_99_percent(percent: str, is_fine: bool) -> None:
    condition = f", conditional: {{price: 5, order_type: market, trailing: '{percent}'}}"
    assert (messages(entry(condition, order_type="conditional")) == []) is is_fine


@pytest.mark.parametrize(("percent", "is_fine"), [("0.01", True), ("0.009", False), ("100", True), ("100.1", False)])
def test_a_step_trails_by_a_hundredth_to_100_percent(percent: str, is_fine: bool) -> None:
    listed = f"take_profit: [{{order_type: market, price: 9, volume: 100, trailing: '{percent}'}}]"
    assert (messages(f"{entry()}, {listed}") == []) is is_fine


@pytest.mark.parametrize(("percent", "is_fine"), [("99", True), ("99.5", False), ("0", False), ("-1", False)])
def test_assumes_that_a_stop_trails_by_up_to_99_percent(percent: str, is_fine: bool) -> None:
    stop = f"stop_loss: {{order_type: market, conditional: {{price: 1, trailing: '{percent}'}}}}"
    assert (messages(f"{entry()}, {stop}") == []) is is_fine


def test_a_percentage_needs_a_trailing_entry() -> None:
    condition = ", conditional: {price: 5, order_type: market, trailing: {enabled: %s, percent: 2}}"
    stop = "stop_loss: {order_type: market, conditional: {price: {percent: 5}}}"
    assert messages(f"{entry(condition % 'true', order_type='conditional')}, {stop}") == []
    assert len(messages(f"{entry(condition % 'false', order_type='conditional')}, {stop}")) == 1


def test_a_price_that_says_neither_is_told_what_would_do() -> None:
    trailing = entry(", conditional: {price: 5, order_type: market, trailing: 2}", order_type="conditional")
    stop = "stop_loss: {order_type: market, conditional: {price: {}}}"
    path = "stop_loss.conditional.price.percent"
    assert messages(f"{trailing}, {stop}") == [f"{path}: price has neither value nor percent, expected percent"]


def test_an_own_funds_trade_may_have_a_stop_above_its_price() -> None:
    own = entry(", price: 5")
    stop = "stop_loss: {order_type: market, conditional: {price: 6}}"
    assert messages(f"skip_enter_step: true, {own}, {stop}") == []


def test_an_own_funds_trade_with_a_limit_order_type_needs_its_price_once() -> None:
    found = messages(f"skip_enter_step: true, {entry(order_type='limit')}")
    assert found == ["position.price: price is missing, expected your own average price, as skip_enter_step is true"]


@pytest.mark.parametrize(
    ("position", "stop", "is_warned"),
    [
        (entry(", price: 10", order_type="limit"), "10", True),
        (entry(", price: 10", order_type="limit"), "9.99", False),
        (entry(", price: 10", side="sell", order_type="limit"), "10", True),
        (entry(", price: 10", side="sell", order_type="limit"), "10.01", False),
        (entry(), "10", False),
        (entry(", conditional: {price: 10, order_type: market}", order_type="conditional"), "10", True),
        (entry(", conditional: {price: 10, order_type: market, trailing: 1}", order_type="conditional"), "10", False),
        (entry(", price: 12, conditional: {price: 10, order_type: limit}", order_type="conditional"), "11", False),
        (entry(", price: 12, conditional: {price: 10, order_type: limit}", order_type="conditional"), "12", True),
    ],
)
def test_a_stop_beyond_the_entry_is_warned_of(position: str, stop: str, is_warned: bool) -> None:
    found = messages(f"{position}, stop_loss: {{order_type: market, conditional: {{price: {stop}}}}}")
    at_once = [message for message in found if f"found the stop at {stop}" in message]
    assert len(at_once) == is_warned


def test_a_limit_stop_of_a_short_trade_buys_above_its_trigger() -> None:
    stop = "stop_loss: {order_type: limit, price: %s, conditional: {price: 11}}"
    assert messages(f"{entry(side='sell')}, {stop % 12}") == []
    assert "below the trigger 11" in messages(f"{entry(side='sell')}, {stop % 10}")[0]


def test_a_limit_stop_at_a_percentage_is_not_compared() -> None:
    trailing = entry(", conditional: {price: 5, order_type: market, trailing: 2}", order_type="conditional")
    stop = "stop_loss: {order_type: limit, price: 4, conditional: {price: {percent: 5}}}"
    assert messages(f"{trailing}, {stop}") == []


@pytest.mark.parametrize("pair", ["TRY_USDT", "BRL_USDT", "BTC_USDT", "ETH_USDC"])
def test_no_pair_is_called_swapped_before_the_market_was_asked(pair: str) -> None:
    assert messages(entry().replace("USDT_BTC", pair)) == []


@pytest.mark.parametrize(
    "pair",
    [
        *("USDT_BTC", "USDT_BTCUSDT", "USDT_BTCUSDT_250926", "ETH_ETHUSD_PERP", "USD_BTC-PERP", "USDT_1000SHIB"),
        *("BTC_BTC-USD-250502", "USDC_BTC-USDC-SWAP", "USDC_BTC-PERP-INTX", "BNFCR_BTCUSDT_250627", "BTC_BTC_USD"),
        *("USDT_$DEGENUSDT_UMCBL", "USDT_BTCUSDT-26SEP25", "USDT_AAVE:bsc0xfb6...8f802", "USDT_stETH:eth0xAe7a"),
        *("USDT_A/B:trxTR7N", "USDT_币安人生USDT", "USDT_ŁUNA", "USDT_BTC.D"),
    ],
)
def test_every_form_of_name_that_a_market_lists_is_a_pair(pair: str) -> None:
    assert messages(entry().replace("USDT_BTC", pair)) == []


def test_a_note_may_fill_its_room_exactly() -> None:
    room = room_for_text("demo", "a")
    assert messages(f"{entry()}, note: {'x' * room}") == []
    assert messages(f"{entry()}, note: {'é' * room}") == []
    assert f"expected at most {room}" in messages(f"{entry()}, note: {'x' * (room + 1)}")[0]


def test_breakeven_needs_two_steps() -> None:
    stop = "stop_loss: {order_type: market, conditional: {price: 1}, breakeven: 'true'}"
    assert messages(f"{entry()}, {steps(50, 50)}, {stop}") == []
    assert len(messages(f"{entry()}, {steps(100)}, {stop}")) == 1


def test_what_only_a_create_refuses_is_a_warning_about_the_create() -> None:
    trailing = entry(", conditional: {price: 5, order_type: market, trailing: 2}", order_type="conditional")
    stop = "stop_loss: {order_type: market, conditional: {price: 1}"
    for fields in (f"{entry()}, {steps(100)}, {stop}, breakeven: true}}", f"{trailing}, {stop}}}"):
        specs, problems = check_text(f"{HEAD}{fields}}}}}")
        assert [(problem.severity.value, problem.is_about_create) for problem in problems] == [("warning", True)]
        assert len(specs) == 1


def test_leverage_needs_no_value() -> None:
    assert messages(f"{entry()}, leverage: {{type: cross}}") == []
    assert messages(f"{entry()}, leverage: {{type: cross, value: '1.0'}}") == []
