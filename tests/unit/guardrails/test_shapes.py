"""Leverage, distances and ratios of trades that are opened or changed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.shapes import find_entry_price, find_stop_distance
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import OperationRisk
from tests.support import builders
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN, change, gather, judge_all, judge_one, risk

NOTHING_KNOWN = OperationRisk(trade="new")


def test_the_distance_of_a_stop_is_from_the_entry() -> None:
    assert find_stop_distance(CREATE, NOTHING_KNOWN) == Decimal("2.5")
    percent = builders.terms(stop_loss=builders.stop(None, percent=3))
    assert find_stop_distance(replace(CREATE, after=percent), NOTHING_KNOWN) == 3


def test_a_market_entry_is_measured_from_the_reviewed_price() -> None:
    market = replace(CREATE, after=builders.terms(entered_by=builders.entry(None)), reviewed_prices=None)
    assert find_entry_price(market, NOTHING_KNOWN) is None
    assert find_entry_price(replace(market, reviewed_prices=builders.prices()), NOTHING_KNOWN) == builders.prices().ask


def test_a_conditional_entry_is_measured_from_its_limit() -> None:
    entry = builders.entry("61000", trigger="61500")
    assert find_entry_price(replace(CREATE, after=builders.terms(entered_by=entry)), NOTHING_KNOWN) == 61000
    at_market = builders.entry(None, trigger="61500")
    assert find_entry_price(replace(CREATE, after=builders.terms(entered_by=at_market)), NOTHING_KNOWN) == 61500


def test_a_stop_too_close_is_a_breach_when_opened_and_none_when_only_tightened() -> None:
    stated = {"stop_distance_pct": {"min": 5}}
    assert judge_one(gather(change(CREATE, None, risk())), stated, "stop_distance_pct").is_breach
    found = gather(change(TIGHTEN, risk(), risk()))
    assert "stop_distance_pct" not in [each.name for each in judge_all(found, stated)]


def test_a_ratio_that_gets_worse_is_a_breach_and_one_that_gets_better_is_not() -> None:
    stated = {"reward_risk": 2}
    worse = gather(change(LOOSEN, risk(reward_risk="1.8", loss_at_stop=1), risk(reward_risk="1.5", loss_at_stop=1)))
    better = gather(change(LOOSEN, risk(reward_risk="1.2", loss_at_stop=1), risk(reward_risk="1.5", loss_at_stop=1)))
    assert judge_one(worse, stated, "reward_risk").is_breach
    assert not judge_one(better, stated, "reward_risk").is_breach


def test_a_trade_that_cannot_lose_at_its_stop_has_no_ratio() -> None:
    facts = gather(change(CREATE, None, risk(reward_risk=None, loss_at_stop=0)))
    assert "reward_risk" not in [each.name for each in judge_all(facts, {"reward_risk": 2})]


def test_without_leverage_nothing_is_judged() -> None:
    facts = gather(change(CREATE, None, risk()))
    names = [each.name for each in judge_all(facts, {"leverage": 1, "liquidation_buffer_pct": 5})]
    assert not {"leverage", "liquidation_buffer_pct"} & set(names)


def test_a_contract_that_states_no_leverage_has_one_that_is_not_known() -> None:
    contract = replace(builders.terms(), market=Market(kind=MarketKind.LINEAR))
    stated = {"leverage": 5, "liquidation_buffer_pct": 5}
    opened = gather(change(replace(CREATE, after=contract), None, risk()))
    for name in stated:
        found = judge_one(opened, stated, name)
        assert (found.value, found.is_breach) == (None, True)
    # It stays as it is where only the stop comes nearer.
    tightened = gather(change(replace(TIGHTEN, after=contract), risk(), risk()))
    assert not set(stated) & {each.name for each in judge_all(tightened, stated)}
