"""Price at which an exchange liquidates a position: as the API names it, else estimated."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.markets import MarketKind
from reconciler.model.risk import LiquidationBasis, LiquidationPrice, RiskReason
from reconciler.model.terms import LeverageType, Side, Terms

_ONE = Decimal(1)
NO_LIQUIDATION = LiquidationPrice()


def find_liquidation(
    terms: Terms, entry_price: Decimal | None, maintenance: Decimal | None, named: Decimal | None
) -> tuple[LiquidationPrice, RiskReason | None]:
    """Find where a position is liquidated, and why that is not known.

    Args:
        terms: The trade.
        entry_price: Price at which it is entered, without fees, or None.
        maintenance: Share of its worth that the exchange demands as maintenance margin, or None.
        named: Price that the API names, or None.

    Returns:
        No price without leverage. Without a maintenance margin the price at which the whole margin is lost, which is
        behind the true one.
    """
    if named is not None:
        return LiquidationPrice(value=named, basis=LiquidationBasis.LIVE), None
    leverage = None if terms.market.ignores_leverage else terms.leverage
    if leverage is None:
        return NO_LIQUIDATION, None
    if leverage.type is LeverageType.CROSS:
        return NO_LIQUIDATION, RiskReason.CROSS_LIQUIDATION
    if not leverage.value:
        return NO_LIQUIDATION, RiskReason.NO_LEVERAGE_FACTOR
    if entry_price is None:
        return NO_LIQUIDATION, RiskReason.NO_ENTRY_PRICE
    price = _estimate(terms, entry_price, _ONE / leverage.value, maintenance or Decimal(0))
    if price is None:
        return NO_LIQUIDATION, None
    basis = LiquidationBasis.BANKRUPTCY if maintenance is None else LiquidationBasis.ESTIMATE
    return LiquidationPrice(value=price, basis=basis), None


def _estimate(terms: Terms, price: Decimal, margin: Decimal, maintenance: Decimal) -> Decimal | None:
    """Return the price at which the margin has fallen to the maintenance margin; None if no price does that.

    Args:
        terms: The trade.
        price: Entry price.
        margin: Share of the worth at entry that is own money.
        maintenance: Share of the worth that must stay; of the worth at entry on inverse markets.
    """
    is_long = terms.entry.side is Side.BUY
    if terms.market.kind is MarketKind.INVERSE:
        # A short position loses at most its worth in coins, however high the price, so with little leverage never all.
        share = _ONE + margin - maintenance if is_long else _ONE - margin + maintenance
        return price / share if share > 0 else None
    found = (
        price * (_ONE - margin) / (_ONE - maintenance) if is_long else price * (_ONE + margin) / (_ONE + maintenance)
    )
    return found if found > 0 else None
