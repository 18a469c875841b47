"""Money at risk of one trade: the worked examples, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import LiquidationBasis, TradeRisk
from reconciler.model.terms import Leverage, LeverageType, Side, Terms
from reconciler.risk.position import size_for_risk
from reconciler.risk.state import state_of_terms
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
