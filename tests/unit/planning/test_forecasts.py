from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.fires import ENTRY_FIRES, Fire
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Effect
from reconciler.model.terms import Leverage, LeverageType, Side, Terms
from reconciler.planning import forecasts
from reconciler.rendering.reasons import describe_all
from tests.support import builders

OPEN = builders.live(phase=Phase.OPEN)
SHORT = builders.entry(side=Side.SELL)
CROSS = Leverage(type=LeverageType.CROSS, value=Decimal(5))


def in_words(found: forecasts.Forecasts) -> tuple[Effect, str]:
    """Forecasts as the user reads them."""
    return found[0], describe_all(found[1])


@pytest.mark.parametrize(
    ("terms", "fires", "effect", "words"),
    [
        (builders.terms(), [], Effect.COMMITS, "600 USDT"),
        (builders.terms(entered_by=SHORT), [], Effect.COMMITS, "0.01 BTC"),
        (builders.terms(entered_by=builders.entry(None, trigger=59000)), [], Effect.COMMITS, "590 USDT"),
        (builders.terms(leverage=CROSS), [], Effect.COMMITS, "600 USDT, margin 120 USDT, leverage cross 5"),
        (
            builders.terms(entered_by=builders.entry(None)),
            [ENTRY_FIRES],
            Effect.EXECUTES,
            "buys 0.01 BTC at once, about 610.01 USDT",
        ),
        (
            builders.terms(entered_by=builders.entry(None, side=Side.SELL)),
            [ENTRY_FIRES],
            Effect.EXECUTES,
            "sells 0.01 BTC at once, about 609.99 USDT",
        ),
        (builders.terms(is_own_funds=True), [], Effect.COMMITS, "takes over 0.01 BTC already held"),
    ],
)
def test_opening_a_trade_says_what_is_committed_or_bought(
    terms: Terms, fires: list[Fire], effect: Effect, words: str
) -> None:
    assert in_words(forecasts.forecast_create(terms, builders.prices(), fires)) == (effect, words)


def test_without_prices_no_amount_is_made_up() -> None:
    market = builders.terms(entered_by=builders.entry(None))
    assert in_words(forecasts.forecast_create(market, None, [ENTRY_FIRES]))[1] == "buys 0.01 BTC at once"
    assert in_words(forecasts.forecast_close(OPEN, None))[1] == "sells 0.01 BTC at market"


@pytest.mark.parametrize(
    ("live", "effect", "words"),
    [
        (builders.live(), Effect.FREES, "600 USDT"),
        (builders.live(shown=builders.terms(entered_by=SHORT)), Effect.FREES, "0.01 BTC"),
        (OPEN, Effect.UNPROTECTS, "keeps 0.01 BTC without steps and stop"),
        (
            builders.live(phase=Phase.OPEN, closed="0.004"),
            Effect.UNPROTECTS,
            "keeps 0.006 BTC without steps and stop",
        ),
        (
            builders.live(builders.spec(builders.terms(is_own_funds=True)), Phase.OPEN),
            Effect.UNPROTECTS,
            "keeps 0.01 BTC without steps and stop",
        ),
    ],
)
def test_cancelling_frees_before_the_entry_and_unprotects_after_it(live: LiveTrade, effect: Effect, words: str) -> None:
    assert in_words(forecasts.forecast_cancel(live)) == (effect, words)


def test_closing_says_what_is_sold_or_bought_back() -> None:
    short = builders.live(phase=Phase.OPEN, shown=builders.terms(entered_by=SHORT))
    assert in_words(forecasts.forecast_close(OPEN, builders.prices())) == (
        Effect.EXECUTES,
        "sells 0.01 BTC at market, about 609.99 USDT, result about 9.99 USDT",
    )
    assert (
        in_words(forecasts.forecast_close(short, builders.prices()))[1]
        == "buys back 0.01 BTC at market, about 610.01 USDT, result about -10.01 USDT"
    )


def test_a_step_is_a_share_of_what_was_entered_not_of_what_is_left() -> None:
    live = builders.live(phase=Phase.OPEN, closed="0.005")
    assert (
        in_words(forecasts.forecast_cancel_step(live, builders.STEPS[1]))[1]
        == "50 % of the position, 0.005 BTC, gets no step"
    )


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ("0.01", "0.01 BTC"),
        ("0.123456789123", "0.12345679 BTC"),
        ("123456789.123", "123456789.12 BTC"),
        ("0.00000001234", "0.00000001234 BTC"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5 BTC"),
        ("0", "0 BTC"),
    ],
)
def test_amounts_are_readable_and_never_raise(units: str, words: str) -> None:
    short = builders.terms(entered_by=builders.entry(units=units, side=Side.SELL))
    assert in_words(forecasts.forecast_create(short, None, ()))[1] == words
