"""Money at risk of one trade: the worked examples, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Phase, Prices
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import LiquidationBasis, RiskReason, TradeRisk
from reconciler.model.terms import Leverage, LeverageType, Side, Terms
from reconciler.model.unreadable import Part, Unreadable
from reconciler.risk.position import size_for_risk
from reconciler.risk.state import state_of_live, state_of_terms
from reconciler.risk.trade_risk import Rules, measure
from tests.support import builders

D = Decimal
SPOT = Rules(fee=D("0.001"))
FUTURES = Rules(fee=D("0.0005"), maintenance=D("0.005"))
ISOLATED_5 = Leverage(type=LeverageType.ISOLATED, value=D(5))


def risk_of(terms: Terms, rules: Rules = SPOT, *adds: AveragingOrder) -> TradeRisk:
    return measure(state_of_terms(terms, adds), rules).risk


def ladder() -> Terms:
    """40 AVAX at 40.20 with four steps, the last of which trails, and a trailing stop."""
    steps = [builders.step(price, 25) for price in ("43.5", 46, 49)]
    return builders.terms(
        pair="USDT_AVAX",
        entered_by=builders.entry("40.20", 40),
        steps=[*steps, builders.step(54, 25, trailing=2)],
        stop_loss=builders.stop("37.60", trailing="6.5"),
    )


def futures_short() -> Terms:
    terms = builders.terms(
        pair="USDT_BTCUSDT",
        entered_by=builders.entry(98400, "0.05", side=Side.SELL),
        steps=[builders.step(94000), builders.step(90500)],
        stop_loss=builders.stop(100900),
        leverage=ISOLATED_5,
    )
    return terms.on(Market(kind=MarketKind.LINEAR))


def inverse_long() -> Terms:
    terms = builders.terms(
        pair="BTC_BTCUSD_PERP",
        entered_by=builders.entry(50000, 600),
        steps=[builders.step(55000, 100)],
        stop_loss=builders.stop(48000),
        leverage=Leverage(type=LeverageType.ISOLATED, value=D(10)),
    )
    return terms.on(Market(kind=MarketKind.INVERSE, unit_size=D(100)))


def test_long_spot_loses_entry_minus_stop_and_both_fees() -> None:
    found = risk_of(builders.terms())

    assert found.loss_at_stop == D("16.185") == D("0.01") * (D(60060) - D("58441.5"))
    assert (found.locked_in, found.units, found.notional, found.margin) == (D(0), D("0.01"), D(600), D(600))
    assert (found.currency, found.has_stop, found.unknown) == ("USDT", True, ())


def test_short_spot_buys_back_at_the_stop() -> None:
    short = builders.terms(
        pair="USDT_SOL",
        entered_by=builders.entry(165, 10, side=Side.SELL),
        steps=(),
        stop_loss=builders.stop(172),
    )
    at_ask = replace(short, stop_loss=builders.stop("172.01"))

    assert risk_of(short).loss_at_stop == D("73.37")
    assert risk_of(at_ask).loss_at_stop == D("73.4701")
    assert (risk_of(short).reward, risk_of(short).reward_risk, risk_of(short).unknown) == (None, None, ())


@pytest.mark.parametrize(("side", "stop"), [(Side.BUY, 61500), (Side.SELL, 58500)])
def test_a_stop_beyond_an_entry_that_waits_costs_both_fees_and_locks_nothing_in(side: Side, stop: int) -> None:
    found = risk_of(
        builders.terms(entered_by=builders.entry(60000, side=side), steps=(), stop_loss=builders.stop(stop))
    )

    assert (found.loss_at_stop, found.locked_in, found.stop_price) == (D("1.2"), D(0), D(stop))


def test_a_trailing_step_counts_with_the_least_that_it_brings() -> None:
    steps = [builders.step(63000), builders.step(66000, trailing="1.5")]
    found = risk_of(builders.terms(steps=steps))

    assert found.reward == D("38.80995")
    assert found.reward_risk == D("38.80995") / D("16.185")


def test_an_averaging_order_counts_as_filled() -> None:
    terms = builders.terms(pair="USDT_ETH", entered_by=builders.entry(3200, 1), steps=(), stop_loss=builders.stop(2900))
    found = risk_of(terms, SPOT, AveragingOrder(price=D(3000), units=D(1)))

    assert found.loss_at_stop == 412 == D("6206.2") - D("5794.2")
    assert (found.units, found.notional, found.entry_price) == (D(2), D(6200), D(3100))


def test_own_funds_count_at_the_price_of_the_file_and_lock_a_gain_in() -> None:
    terms = builders.terms(
        pair="USDT_SOL",
        entered_by=builders.entry(120, 10),
        steps=(),
        stop_loss=builders.stop(130),
        is_own_funds=True,
    )
    found = risk_of(terms)

    assert (found.loss_at_stop, found.locked_in) == (D(0), D("98.7"))
    assert (found.fees, found.is_held) == (D(0), True)


def test_a_ladder_of_steps() -> None:
    found = risk_of(ladder())

    assert found.loss_at_stop == D("107.112") == 40 * (D("40.2402") - D("37.5624"))
    assert found.reward == D("302.6778")
    assert found.fees == D("3.533")
    assert found.breakeven is not None
    assert round(found.breakeven, 4) == D("40.2805")
    assert size_for_risk(D(100), D("107.112") / 40, D("0.1")) == D("37.3")


def test_a_short_contract_has_margin_and_an_estimated_liquidation() -> None:
    found = risk_of(futures_short(), FUTURES)

    assert found.loss_at_stop == D("129.9825") == D("0.05") * (D("100950.45") - D("98350.8"))
    assert (found.notional, found.margin, found.leverage) == (D(4920), D(984), D(5))
    assert found.liquidation.basis is LiquidationBasis.ESTIMATE
    assert found.liquidation.value is not None
    assert round(found.liquidation.value, 2) == D("117492.54")
    assert found.fees == D("4.76625")
    assert found.reward is not None
    assert round(found.reward, 2) == D("302.73")


def test_without_a_maintenance_margin_the_bankruptcy_price_is_shown() -> None:
    found = risk_of(futures_short(), replace(FUTURES, maintenance=None)).liquidation

    assert (found.value, found.basis) == (D(118080), LiquidationBasis.BANKRUPTCY)


def test_an_inverse_contract_is_paid_in_the_coin() -> None:
    found = risk_of(inverse_long(), FUTURES)

    assert found.loss_at_stop is not None
    assert found.reward is not None
    assert found.reward_risk is not None
    assert found.liquidation.value is not None
    assert (round(found.loss_at_stop, 20), found.currency) == (D("0.051225"), "BTC")
    assert round(found.reward, 6) == D("0.107945")
    assert round(found.reward_risk, 2) == D("2.11")
    assert round(found.liquidation.value, 2) == D("45662.10")
    assert found.breakeven is not None
    assert round(found.breakeven, 10) == round(50000 * D("1.0005") / D("0.9995"), 10)


def reasons(risk: TradeRisk) -> dict[str, RiskReason]:
    return {each.part: RiskReason(each.reason.code) for each in risk.unknown}


MONEY = ("notional", "margin", "loss_at_stop", "reward", "fees")


def test_a_market_entry_without_prices_has_no_number_and_a_reason_for_each() -> None:
    found = risk_of(builders.terms(entered_by=builders.entry(None)))

    assert reasons(found) == dict.fromkeys(MONEY, RiskReason.NO_ENTRY_PRICE)
    assert [found.notional, found.margin, found.loss_at_stop, found.locked_in, found.reward, found.fees] == [None] * 6
    assert (found.units, found.has_stop) == (D("0.01"), True)


def test_without_the_size_of_a_contract_no_money_is_shown() -> None:
    unknown = Market(kind=MarketKind.INVERSE, unit_size=None)
    held = builders.live(phase=Phase.OPEN)
    on_market = replace(held, terms=held.terms.on(unknown))
    for state in (state_of_terms(builders.terms().on(unknown)), state_of_live(on_market)):
        found = measure(state, SPOT).risk
        assert set(MONEY) <= reasons(found).keys()
        assert set(reasons(found).values()) == {RiskReason.NO_CONTRACT_SIZE}
        assert [found.notional, found.loss_at_stop, found.at_market, found.breakeven] == [None] * 4


def test_levels_in_percent_of_a_market_entry_are_not_known() -> None:
    terms = builders.terms(
        entered_by=builders.entry(None),
        steps=[builders.step(None, 100, percent=5)],
        stop_loss=builders.stop(None, percent=2),
    )
    assert {"loss_at_stop", "reward"} <= reasons(risk_of(terms)).keys()


def test_a_leverage_that_the_exchange_chooses_leaves_margin_and_liquidation_unknown() -> None:
    terms = futures_short()
    found = risk_of(replace(terms, leverage=Leverage(type=LeverageType.ISOLATED, value=None)), FUTURES)
    cross = risk_of(replace(terms, leverage=Leverage(type=LeverageType.CROSS, value=D(5))), FUTURES)

    assert reasons(found) == dict.fromkeys(("margin", "liquidation"), RiskReason.NO_LEVERAGE_FACTOR)
    assert (found.margin, found.leverage, found.loss_at_stop) == (None, None, D("129.9825"))
    assert reasons(cross) == {"liquidation": RiskReason.CROSS_LIQUIDATION}
    assert (cross.margin, cross.liquidation.value) == (D(984), None)


@pytest.mark.parametrize(
    ("part", "gone", "kept"),
    [
        (Part.STOP, ("loss_at_stop", "locked_in", "stop_price"), ("notional", "reward")),
        (Part.STEPS, ("reward", "fees", "reward_risk"), ("notional", "loss_at_stop")),
        (Part.LEVERAGE, ("margin",), ("notional", "loss_at_stop", "reward")),
        (Part.FILLS, ("units", "notional", "loss_at_stop", "reward", "breakeven", "at_market", "realised"), ()),
        (Part.NOTE, (), ("units", "notional", "loss_at_stop", "reward")),
    ],
)
def test_what_depends_on_a_field_that_cannot_be_read_is_not_known(
    part: Part, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    unreadable = Unreadable(part=part, field="some.field", problem="some.field is missing")
    live = replace(builders.live(phase=Phase.OPEN), unreadable=(unreadable,))
    found = measure(state_of_live(live), SPOT).risk

    assert [name for name in gone if getattr(found, name) is not None] == []
    assert [name for name in kept if getattr(found, name) is None] == []
    assert bool(found.unknown) is bool(gone)
    assert all(each.reason["problem"] == "some.field is missing" for each in found.unknown)


def test_a_trade_without_a_stop_has_no_loss_and_that_is_not_unknown() -> None:
    found = risk_of(builders.terms(stop_loss=None))

    assert (found.has_stop, found.loss_at_stop, found.locked_in, found.reward_risk) == (False, None, None, None)
    assert found.unknown == ()


def test_a_stop_that_is_not_active_does_not_count() -> None:
    found = measure(state_of_live(builders.live(phase=Phase.OPEN, stop_status="failed")), SPOT).risk
    assert (found.has_stop, found.loss_at_stop, found.unknown) == (False, None, ())


def test_a_limit_order_as_stop_counts_with_its_limit_and_may_not_fill() -> None:
    found = risk_of(builders.terms(stop_loss=builders.stop(58500, limit=58400)))

    assert (found.stop_price, found.may_not_fill) == (D(58400), True)
    assert found.loss_at_stop == D("0.01") * (D(60060) - D("58341.6"))


def test_a_partly_filled_entry_counts_what_is_filled_as_paid_and_the_rest_as_planned() -> None:
    live = replace(builders.live(phase=Phase.FILLING, entered="0.004"), entered_total=D("239"))
    found = measure(state_of_live(live), SPOT).risk

    assert (found.units, found.is_held) == (D("0.01"), True)
    assert found.notional == D(239) + D(360)
    assert found.breakeven == (D(239) + D("360.36")) / D("0.999") / D("0.01")
    # The exchange places the stop for the whole entry only, so nothing limits the loss of what is filled.
    assert (found.has_stop, found.stop_price, found.loss_at_stop, found.locked_in) == (False, None, None, None)


def test_what_was_executed_is_realised_and_only_the_rest_is_at_risk() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=("finished",), closed="0.005")
    shown = replace(live, entered_total=D("600.6"), closed_total=D("314.685"))
    found = measure(state_of_live(shown), SPOT).risk

    assert (found.units, found.notional) == (D("0.005"), D("300.3"))
    assert (found.realised, found.loss_at_stop) == (D("14.385"), D("8.0925"))
    assert found.reward == D("29.37")
    unknown = measure(state_of_live(replace(shown, closed_total=None)), SPOT).risk
    assert reasons(unknown) == {"realised": RiskReason.NO_CLOSED_TOTAL}


def test_a_position_has_a_result_now_and_something_to_give_back() -> None:
    live = replace(
        builders.live(phase=Phase.OPEN),
        entered_total=D("600.6"),
        prices=Prices(bid=D(61000), ask=D(61010), last=D(61005)),
    )
    found = measure(state_of_live(live), SPOT).risk

    assert found.at_market == D("0.01") * 61000 * D("0.999") - D("600.6")
    assert found.give_back == D("0.01") * D("0.999") * (61005 - 58500)
    waiting = measure(state_of_live(builders.live()), SPOT).risk
    assert (waiting.at_market, waiting.give_back) == (None, None)


def test_orders_that_wait_are_no_part_of_the_result_now() -> None:
    order = AveragingOrder(price=D(59000), units=D("0.01"))
    live = replace(builders.live(phase=Phase.OPEN), entered_total=D("600.6"), prices=builders.prices(60000))
    alone, averaged = (measure(state_of_live(live, adds), SPOT).risk for adds in ((), (order,)))

    assert averaged.at_market == alone.at_market == D("0.01") * builders.prices(60000).bid * D("0.999") - D("600.6")
    filling = replace(builders.live(phase=Phase.FILLING, entered="0.004"), entered_total=D("240.24"))
    found = measure(state_of_live(filling), SPOT).risk
    assert filling.prices is not None
    assert found.at_market == D("0.004") * filling.prices.bid * D("0.999") - D("240.24")


def test_breakeven_closes_without_a_result() -> None:
    for terms, rules in ((builders.terms(), SPOT), (futures_short(), FUTURES), (inverse_long(), FUTURES)):
        trade = measure(state_of_terms(terms), rules)
        result = trade.position.result_of(trade.position.units, trade.risk.breakeven)
        assert result is not None
        assert abs(result) < D("1e-20")


def test_an_instant_order_has_neither_stop_nor_reward() -> None:
    found = risk_of(builders.terms(is_instant=True))
    assert (found.is_instant, found.has_stop, found.reward, found.fees) == (True, False, None, D("0.6"))


def test_a_second_state_of_a_trade_is_measured_as_if_it_were_the_first() -> None:
    first = measure(state_of_terms(builders.terms()), SPOT)
    changed = replace(first.state, stop=builders.stop(59000))
    assert measure(changed, SPOT, first) == measure(changed, SPOT)
    added = replace(first.state, adds=(AveragingOrder(price=D(59000), units=D("0.01")),))
    assert measure(added, SPOT, first) == measure(added, SPOT)
