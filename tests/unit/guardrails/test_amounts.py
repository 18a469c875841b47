"""Amounts by currency and by pair."""

from __future__ import annotations

from decimal import Decimal

from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.model.guardrails import Guardrail, GuardrailState
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN, change, gather, judge_one, named, risk


def test_each_pair_has_a_sum_of_its_own_and_all_passed_ones_are_shown() -> None:
    facts = gather(
        change(named(CREATE, "a"), None, risk(notional=60)),
        change(named(CREATE, "b"), None, risk(pair="USDT_ETH", notional=70)),
        others={"c": risk(notional=50), "d": risk(pair="USDT_SOL", notional=20)},
    )
    limits = read_limits({"notional_per_pair": {"USDT": 65}})
    found = [each for each in evaluate(facts, limits) if each.name == "notional_per_pair"]
    assert [(each.scope, each.value, each.holds) for each in found] == [
        ("USDT_BTC", Decimal(110), ("a",)),
        ("USDT_ETH", Decimal(70), ("b",)),
    ]


def test_new_money_is_counted_without_what_is_freed_elsewhere() -> None:
    facts = gather(
        change(named(CREATE, "a"), None, risk(margin=60)),
        change(TIGHTEN, risk(margin=90), risk(margin=10)),
    )
    assert judge_one(facts, {"commits_per_plan": {"USDT": 1}}, "commits_per_plan").value == 60


def test_an_increase_is_after_minus_before_of_the_plan() -> None:
    facts = gather(
        change(CREATE, None, risk(loss_at_stop=30)),
        change(LOOSEN, risk(loss_at_stop=20), risk(loss_at_stop=50)),
        others={"other": risk(has_stop=0, loss_at_stop=None)},
    )
    found = judge_one(facts, {"loss_at_stop_increase": {"USDT": 59}}, "loss_at_stop_increase")
    assert (found.value, found.state) == (Decimal(60), GuardrailState.OVER)


def test_a_stop_that_is_added_does_not_make_an_increase_unknown() -> None:
    naked = risk(has_stop=0, loss_at_stop=None)
    facts = gather(change(CREATE, None, risk(loss_at_stop=5)), change(TIGHTEN, naked, risk(loss_at_stop=50)))
    found = judge_one(facts, {"loss_at_stop_increase": {"USDT": 10}}, "loss_at_stop_increase")
    assert (found.value, found.is_breach) == (Decimal(5), False)


def test_a_trade_without_a_stop_has_an_unknown_loss() -> None:
    facts = gather(change(CREATE, None, risk(loss_at_stop=5)), others={"b": risk(has_stop=0, loss_at_stop=None)})
    found = judge_one(facts, {"loss_at_stop_total": {"USDT": 10}}, "loss_at_stop_total")
    assert (found.value, found.holds, found.is_breach) == (None, ("new",), True)


def test_a_share_that_grows_because_others_shrink_is_no_breach() -> None:
    facts = gather(
        change(TIGHTEN, risk(pair="USDT_ETH", notional=50), risk(pair="USDT_ETH", notional=10)),
        others={"btc": risk(notional=50)},
    )
    found: Guardrail = judge_one(facts, {"concentration_pct": 60}, "concentration_pct")
    assert (found.scope, found.is_breach) == ("USDT_BTC", False)


def test_limits_of_currencies_that_nothing_uses_are_shown_with_nothing() -> None:
    found = judge_one(gather(), {"notional_total": {"BTC": 1}}, "notional_total")
    assert (found.value, found.unit, found.state) == (Decimal(0), "BTC", GuardrailState.OK)


def test_a_trade_without_leverage_has_no_margin() -> None:
    spot, contract = risk(margin=600, leverage=1), risk(margin=120, leverage=5)
    facts = gather(change(named(CREATE, "a"), None, spot), change(named(CREATE, "b"), None, contract))
    found = judge_one(facts, {"margin_total": {"USDT": 1}}, "margin_total")
    assert (found.value, found.trades, found.holds) == (Decimal(120), ("b",), ("b",))
    one_to_one = gather(change(CREATE, None, risk(margin=600, leverage=1, is_contract=True)))
    assert judge_one(one_to_one, {"margin_total": {"USDT": 1}}, "margin_total").is_breach


def test_the_largest_pair_that_the_plan_raises_stands_for_all_that_it_raises() -> None:
    facts = gather(
        change(named(CREATE, "a"), None, risk(pair="USDT_ETH", notional=70)),
        change(named(CREATE, "b"), None, risk(pair="USDT_SOL", notional=60)),
        others={"c": risk(notional=90)},
    )
    limits = read_limits({"notional_per_pair": {"USDT": 100}})
    found = [each for each in evaluate(facts, limits) if each.name == "notional_per_pair"]
    assert [(each.scope, each.value, each.holds) for each in found] == [
        ("USDT_BTC", Decimal(90), ()),
        ("USDT_ETH", Decimal(70), ("a", "b")),
    ]
