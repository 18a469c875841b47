"""Terms as text, in the words of a plan file."""

from __future__ import annotations

from decimal import Decimal

from reconciler.model.markets import Market, MarketKind
from reconciler.model.terms import Leverage, LeverageType, Side
from reconciler.rendering.terms_text import describe_step, describe_stop, terms_lines
from tests.support import builders


def test_the_inputs_of_a_trade_have_a_line_each() -> None:
    assert list(terms_lines(builders.terms())) == [
        "      account_id:  1",
        "      position:    limit buy 0.01 BTC at 60000",
        "      take_profit: 50 % limit at 63000 (last)",
        "                   50 % limit at 66000 (last)",
        "      stop_loss:   market at 58500 (last)",
    ]


def test_a_trade_without_exits_says_so_and_an_instant_one_has_none() -> None:
    bare = list(terms_lines(builders.terms(steps=(), stop_loss=None)))
    assert bare[2:] == ["      take_profit: none", "      stop_loss:   none"]
    instant = builders.terms(entered_by=builders.entry(None, side=Side.SELL), is_instant=True)
    assert list(terms_lines(instant))[1:] == ["      position:    instant market sell 0.01 BTC"]


def test_a_leverage_and_own_funds_are_named() -> None:
    terms = builders.terms(is_own_funds=True, leverage=Leverage(type=LeverageType.CROSS, value=Decimal(2)))
    position, leverage = list(terms_lines(terms))[1:3]
    assert position.startswith("      position:    own funds: ")
    assert leverage == "      leverage:    cross 2"


def test_a_leverage_that_a_spot_pair_ignores_is_said_to_be_ignored() -> None:
    terms = builders.terms(leverage=Leverage(type=LeverageType.CROSS, value=Decimal(2)))
    assert list(terms_lines(terms.on(Market(kind=MarketKind.SPOT))))[2] == (
        "      leverage:    cross 2 (ignored on a spot pair)"
    )


def test_a_size_in_contracts_is_called_so() -> None:
    market = Market(kind=MarketKind.LINEAR, unit_size=None)
    terms = builders.terms(pair="USDT_BTC_USDT", entered_by=builders.entry(60000, 25)).on(market)
    assert list(terms_lines(terms))[1] == "      position:    limit buy 25 contracts at 60000"


def test_a_step_and_a_stop_name_all_their_inputs() -> None:
    assert describe_step(builders.step(None, 100, percent=5)) == "100 % limit at 5 % from the entry (last)"
    stop = builders.stop(58500, limit=58400, timeout=60, breakeven=True)
    assert describe_stop(stop) == "limit at 58500 (last), limit 58400, after 60 s, breakeven"
    assert describe_stop(builders.stop(58500, trailing=2)) == "market at 58500 (last), trailing 2 %"
