from __future__ import annotations

from decimal import Decimal

from reconciler.model.risk import LevelChange, LevelKind, LiquidationBasis, LiquidationPrice, OperationRisk, TradeRisk
from reconciler.model.views import FigureView
from reconciler.rendering.views.figures import view_figures
from tests.support.ladders import level
from tests.support.risks import trade_risk

BEFORE = trade_risk(
    loss_at_stop="109.3", locked_in="0", reward="250.34", reward_risk="2.29", notional="2706.7", margin="2706.7",
    fees="2.96", breakeven="3386.77",
)  # fmt: skip
WORSE = trade_risk(
    loss_at_stop="213.2", locked_in="0", reward="250.34", reward_risk="1.17", notional="2706.7", margin="2706.7",
    fees="2.96", breakeven="3386.77",
)  # fmt: skip


def figures(before: TradeRisk | None, after: TradeRisk | None) -> dict[str, FigureView]:
    return {each.name: each for each in view_figures(OperationRisk(trade="t", before=before, after=after))}


def test_a_number_that_changes_has_both_values_and_one_that_stays_has_one() -> None:
    found = figures(BEFORE, WORSE)
    assert (found["loss at stop"].before, found["loss at stop"].after) == ("109.30", "213.20")
    assert (found["reward"].before, found["reward"].after) == ("", "250.34")


def test_a_larger_loss_is_worse_and_a_smaller_one_is_not() -> None:
    assert figures(BEFORE, WORSE)["loss at stop"].is_worse
    assert not figures(WORSE, BEFORE)["loss at stop"].is_worse


def test_a_loss_that_is_not_known_is_worse_and_never_zero() -> None:
    found = figures(BEFORE, trade_risk(notional="1", margin="1"))
    assert found["loss at stop"].after == "not known"
    assert found["loss at stop"].is_worse


def test_a_trade_without_a_stop_says_so() -> None:
    assert figures(None, trade_risk(has_stop=False))["loss at stop"].after == "no stop"


def test_a_trade_that_ends_shows_what_it_was() -> None:
    found = figures(BEFORE, None)
    assert (found["loss at stop"].before, found["loss at stop"].after) == ("", "109.30")
    assert not found["loss at stop"].is_worse


def test_margin_and_gain_at_stop_are_shown_only_if_they_say_more() -> None:
    assert not {"margin", "locked in"} & set(figures(None, BEFORE))
    found = figures(None, trade_risk(loss_at_stop="0", locked_in="5", notional="100", margin="20"))
    assert (found["margin"].after, found["locked in"].after) == ("20.00", "5.00")


def test_a_liquidation_that_is_not_reported_is_an_estimate() -> None:
    estimate = LiquidationPrice(value=Decimal("117492.54"), basis=LiquidationBasis.ESTIMATE)
    after = TradeRisk(currency="USDT", has_stop=True, liquidation=estimate)
    risk = OperationRisk(trade="t", after=after, levels=(level(LevelKind.STOP, "100900", LevelChange.NEW),))
    found = {each.name: each.after for each in view_figures(risk)}
    assert found["liquidation, about"] == "117,492.54"


def test_nothing_is_shown_of_a_trade_of_which_nothing_is_known() -> None:
    assert figures(None, None) == {}
