"""Terms of a trade that is opened: all of them, or only what a ladder does not show."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.markets import Market, MarketKind
from reconciler.model.terms import Leverage, LeverageType, PriceType, Terms
from reconciler.rendering.views.new_terms import view_terms
from tests.support import builders


def names(terms: Terms | None, *, has_ladder: bool = True) -> list[str]:
    return [term.name for term in view_terms(terms, has_ladder=has_ladder)]


def test_without_a_ladder_everything_is_said() -> None:
    assert names(builders.terms(), has_ladder=False) == [
        "account_id",
        "position",
        "take_profit",
        "take_profit",
        "stop_loss",
    ]
    assert names(None) == []


def test_with_a_ladder_the_account_is_enough_for_a_plain_trade() -> None:
    assert names(builders.terms()) == ["account_id"]


def test_what_a_ladder_cannot_show_is_said_with_it() -> None:
    assert names(builders.terms(stop_loss=builders.stop(timeout=60))) == ["account_id", "stop_loss"]
    assert names(builders.terms(stop_loss=builders.stop(limit=58400))) == ["account_id", "stop_loss"]
    assert names(builders.terms(stop_loss=builders.stop(breakeven=True))) == ["account_id", "stop_loss"]
    assert names(builders.terms(stop_loss=builders.stop(watched=PriceType.BID))) == ["account_id", "stop_loss"]
    assert names(builders.terms(entered_by=builders.entry(trigger=61500))) == ["account_id", "position"]
    assert names(builders.terms(steps=[builders.step(None, 100, percent=5)])) == ["account_id", "take_profit"]
    assert names(builders.terms(is_own_funds=True)) == ["account_id", "position"]


def test_what_is_not_there_is_said() -> None:
    terms = view_terms(builders.terms(steps=(), stop_loss=None), has_ladder=True)
    assert [(term.name, term.text) for term in terms[1:]] == [("take_profit", "none"), ("stop_loss", "none")]


def test_an_instant_trade_has_no_exits_and_ignored_leverage_is_said() -> None:
    assert names(builders.terms(is_instant=True)) == ["account_id", "position"]
    leverage = Leverage(type=LeverageType.ISOLATED, value=Decimal(5))
    terms = builders.terms(leverage=leverage).on(Market(kind=MarketKind.SPOT))
    assert view_terms(terms, has_ladder=True)[1].text == "isolated 5 (ignored on a spot pair)"
