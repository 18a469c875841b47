"""Prices of liquidation: named by the API, estimated, and not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.markets import Market, MarketKind
from reconciler.model.risk import LiquidationBasis, LiquidationPrice, RiskReason
from reconciler.model.terms import Leverage, LeverageType, Side, Terms
from reconciler.risk.liquidation import NO_LIQUIDATION, find_liquidation
from tests.support import builders

D = Decimal
INVERSE = Market(kind=MarketKind.INVERSE, unit_size=D(100))


def terms(factor: int | None, kind: LeverageType = LeverageType.ISOLATED, side: Side = Side.BUY) -> Terms:
    leverage = Leverage(type=kind, value=None if factor is None else D(factor))
    return builders.terms(leverage=leverage, entered_by=builders.entry(side=side))


@pytest.mark.parametrize(
    ("side", "maintenance", "expected"),
    [
        (Side.BUY, None, "40000"),
        (Side.SELL, None, "60000"),
        (Side.BUY, "0.2", "50000"),
        (Side.SELL, "0.2", "50000"),
    ],
)
def test_a_linear_position_is_liquidated_when_its_margin_is_down_to_the_maintenance_margin(
    side: Side, maintenance: str | None, expected: str
) -> None:
    share = None if maintenance is None else D(maintenance)
    found, doubt = find_liquidation(terms(5, side=side), D(50000), share, None)

    basis = LiquidationBasis.BANKRUPTCY if maintenance is None else LiquidationBasis.ESTIMATE
    assert (found, doubt) == (LiquidationPrice(value=D(expected), basis=basis), None)


def test_an_inverse_position_is_liquidated_when_its_coins_are_lost() -> None:
    long, short = (terms(10, side=side).on(INVERSE) for side in Side)

    assert find_liquidation(long, D(55000), None, None)[0].value == 50000
    assert find_liquidation(short, D(45000), None, None)[0].value == 50000
    # A short position of factor 1 has all its dollars, whatever the coin costs.
    assert find_liquidation(terms(1, side=Side.SELL).on(INVERSE), D(45000), None, None) == (NO_LIQUIDATION, None)


def test_the_price_of_the_api_counts_before_any_estimate() -> None:
    found, _ = find_liquidation(terms(5), D(50000), D("0.005"), D(41000))
    assert found == LiquidationPrice(value=D(41000), basis=LiquidationBasis.LIVE)


@pytest.mark.parametrize(
    ("asked", "price", "doubt"),
    [
        (terms(5, LeverageType.CROSS), D(50000), RiskReason.CROSS_LIQUIDATION),
        (terms(None), D(50000), RiskReason.NO_LEVERAGE_FACTOR),
        (terms(5), None, RiskReason.NO_ENTRY_PRICE),
    ],
)
def test_what_is_not_known_has_a_reason(asked: Terms, price: Decimal | None, doubt: RiskReason) -> None:
    assert find_liquidation(asked, price, None, None) == (NO_LIQUIDATION, doubt)


def test_without_leverage_nothing_is_liquidated() -> None:
    on_spot = terms(5).on(Market(kind=MarketKind.SPOT))

    assert find_liquidation(builders.terms(), D(50000), None, None) == (NO_LIQUIDATION, None)
    assert find_liquidation(on_spot, D(50000), None, None) == (NO_LIQUIDATION, None)
    assert find_liquidation(terms(1), D(50000), None, None) == (NO_LIQUIDATION, None)
    assert find_liquidation(replace(terms(5), leverage=None), D(50000), D("0.005"), None)[0] == NO_LIQUIDATION
