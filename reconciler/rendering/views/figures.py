"""The numbers of a trade before and after an operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from reconciler.model.risk import LiquidationBasis, OperationRisk, TradeRisk
from reconciler.model.views import FigureView
from reconciler.rendering.money import format_money
from reconciler.rendering.risk_text import describe_ratio
from reconciler.rendering.views.ladders import count_places, show_price

NOT_KNOWN = "not known"
_Show = Callable[[TradeRisk], str]


def view_figures(risk: OperationRisk) -> tuple[FigureView, ...]:
    """Make the views of the numbers of a trade; none if nothing is known of it."""
    return tuple(_list_figures(risk))


def _list_figures(risk: OperationRisk) -> Iterator[FigureView]:
    sides = [side for side in (risk.before, risk.after) if side is not None]
    if not sides:
        return
    after, places = sides[-1], count_places(risk.levels)
    yield _view("loss at stop", _show_loss, risk, is_loss=True)
    if any(side.locked_in for side in sides):
        yield _view("locked in", lambda side: _show_money(side.locked_in, side), risk)
    yield _view("reward", lambda side: _show_money(side.reward, side), risk)
    if any(side.reward_risk is not None for side in sides):
        yield _view("reward / risk", lambda side: describe_ratio(side.reward_risk), risk)
    yield _view("notional", lambda side: _show_money(side.notional, side), risk)
    if any(side.margin != side.notional for side in sides):
        yield _view("margin", lambda side: _show_money(side.margin, side), risk)
    if after.liquidation.value is not None:
        about = "" if after.liquidation.basis is LiquidationBasis.LIVE else ", about"
        yield _view(f"liquidation{about}", lambda side: _show_price(side.liquidation.value, places), risk)
    yield _view("break-even", lambda side: _show_price(side.breakeven, places), risk)
    yield _view("fees, about", lambda side: _show_money(side.fees, side), risk)


def _view(name: str, show: _Show, risk: OperationRisk, *, is_loss: bool = False) -> FigureView:
    before = show(risk.before) if risk.before else ""
    after = show(risk.after) if risk.after else before
    return FigureView(
        name=name,
        before="" if before == after else before,
        after=after,
        is_loss=is_loss,
        is_worse=is_loss and _is_worse(risk),
    )


def _is_worse(risk: OperationRisk) -> bool:
    """Return whether more can be lost than before, or whether that is not known."""
    after = risk.after.loss_at_stop if risk.after else Decimal(0)
    before = risk.before.loss_at_stop if risk.before else Decimal(0)
    return after is None or (before is not None and after > before)


def _show_loss(side: TradeRisk) -> str:
    return _show_money(side.loss_at_stop, side) if side.has_stop else "no stop"


def _show_money(amount: Decimal | None, side: TradeRisk) -> str:
    return NOT_KNOWN if amount is None else format_money(amount, side.currency, is_grouped=True)


def _show_price(price: Decimal | None, places: int) -> str:
    return NOT_KNOWN if price is None else show_price(price, places)
