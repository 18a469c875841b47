from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Effect
from reconciler.model.terms import Leverage, LeverageType, OrderType, PriceType, Side, StopLoss, Terms
from reconciler.planning.consequences import foresee_update
from reconciler.planning.update_forecasts import forecast_rearm, forecast_update
from reconciler.rendering.reasons import describe_all
from tests.support import builders

OPEN = builders.live(phase=Phase.OPEN)
CROSS = Leverage(type=LeverageType.CROSS, value=Decimal(5))


def updated(after: Terms, live: LiveTrade = OPEN, *fires: Fire) -> tuple[Effect, str]:
    prices = builders.prices()
    closing = foresee_update(live, live.terms, after, prices=prices)
    found, money = forecast_update(live, live.terms, after, prices=prices, fires=fires, closing=closing)
    return found[0], describe_all(money)


def stopped(old: StopLoss | None, new: StopLoss | None, side: Side = Side.BUY) -> Effect:
    before = builders.terms(entered_by=builders.entry(side=side), stop_loss=old)
    return updated(replace(before, stop_loss=new), builders.live(builders.spec(before), Phase.OPEN))[0]


@pytest.mark.parametrize(
    ("old", "new", "is_weaker"),
    [
        (None, builders.stop(58500), False),
        (builders.stop(58500), None, True),
        (builders.stop(58500), builders.stop(58400), True),
        (builders.stop(58500), builders.stop(58600), False),
        (builders.stop(None, percent=3), builders.stop(None, percent=4), True),
        (builders.stop(None, percent=3), builders.stop(None, percent=2), False),
        (builders.stop(None, percent=3), builders.stop(58500), True),
        (builders.stop(58500), builders.stop(58500, timeout=60), True),
        (builders.stop(58500, timeout=60), builders.stop(58500, timeout=30), False),
        (builders.stop(58500, timeout=60), builders.stop(58500), False),
        (builders.stop(58500), builders.stop(58500, limit=58400), True),
        (builders.stop(58500, limit=58400), builders.stop(58500), False),
        (builders.stop(58500, limit=58400), builders.stop(58500, limit=58450), True),
        (builders.stop(58500, limit=58400), builders.stop(58500, limit=58300), False),
        (builders.stop(58500, breakeven=True), builders.stop(58500), True),
        (builders.stop(58500), builders.stop(58500, breakeven=True), False),
        (builders.stop(58500), builders.stop(58500, trailing=2), False),
        (builders.stop(58500, watched=PriceType.LAST), builders.stop(58500, watched=PriceType.ASK), True),
        (builders.stop(58500, watched=PriceType.LAST), builders.stop(58500, watched=PriceType.BID), False),
    ],
)
def test_a_stop_that_protects_less_in_any_respect_unprotects(
    old: StopLoss | None, new: StopLoss | None, is_weaker: bool
) -> None:
    assert stopped(old, new) is (Effect.UNPROTECTS if is_weaker else Effect.PROTECTS)


@pytest.mark.parametrize(
    ("old", "new", "is_weaker"),
    [
        (builders.stop(61500), builders.stop(61600), True),
        (builders.stop(61500), builders.stop(61400), False),
        (builders.stop(61500, limit=61600), builders.stop(61500, limit=61550), True),
        (builders.stop(61500, watched=PriceType.LAST), builders.stop(61500, watched=PriceType.BID), True),
        (builders.stop(61500, watched=PriceType.LAST), builders.stop(61500, watched=PriceType.ASK), False),
    ],
)
def test_a_stop_of_a_short_trade_is_mirrored(old: StopLoss, new: StopLoss, is_weaker: bool) -> None:
    assert stopped(old, new, Side.SELL) is (Effect.UNPROTECTS if is_weaker else Effect.PROTECTS)


TRAILING = builders.live(builders.spec(builders.terms(stop_loss=builders.stop(trailing=2))), Phase.OPEN)


def test_whatever_an_update_changes_it_starts_a_trailing_stop_anew() -> None:
    steps = replace(TRAILING.terms, steps=(builders.step(64000, 100),))
    words = (
        "take profit at 64000 instead of 63000, 66000; the trailing stop starts again at 58500,"
        " since an update forgets how far it has followed the price"
    )
    assert updated(steps, TRAILING) == (Effect.UNPROTECTS, words)
    tighter = replace(TRAILING.terms, stop_loss=builders.stop(59000, trailing=1))
    assert updated(tighter, TRAILING)[0] is Effect.UNPROTECTS


def test_a_trailing_step_that_is_active_starts_anew_too() -> None:
    terms = builders.terms(steps=[builders.step(63000, 100, order_type=OrderType.MARKET, trailing="1.5")])
    live = builders.live(builders.spec(terms), Phase.OPEN, step_statuses=["trailing_activated"])
    effect, words = updated(replace(terms, stop_loss=builders.stop(59000)), live)
    assert effect is Effect.UNPROTECTS
    assert words.endswith("the trailing of the step at 63000, already active, starts again")


def test_a_running_timeout_of_the_stop_starts_anew_too() -> None:
    terms = builders.terms(stop_loss=builders.stop(61500, timeout=60))
    live = builders.live(builders.spec(terms), Phase.OPEN)
    steps = replace(terms, steps=(builders.step(64000, 100),))
    effect, words = updated(steps, live, STOP_FIRES)
    assert effect is Effect.UNPROTECTS
    assert words.endswith("the timeout of the stop, already running, starts again with 60 s")
    assert updated(steps, live)[0] is Effect.REPRICES


@pytest.mark.parametrize(
    ("stop", "is_weaker"),
    [
        (None, True),
        (builders.stop(57000), False),
        (builders.stop(58500, timeout=60), False),
        (builders.stop(59000), False),
    ],
)
def test_a_stop_that_a_waiting_trade_loses_counts_and_one_that_moves_does_not(
    stop: StopLoss | None, is_weaker: bool
) -> None:
    effect, _ = updated(builders.terms(stop_loss=stop), builders.live())
    assert effect is (Effect.UNPROTECTS if is_weaker else Effect.REPRICES)


def test_a_stop_that_the_price_has_passed_executes() -> None:
    assert updated(builders.terms(stop_loss=builders.stop(61500)), OPEN, STOP_FIRES)[0] is Effect.EXECUTES


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (builders.terms(entered_by=builders.entry(59000)), "commits 590 USDT instead of 600 USDT"),
        (builders.terms(entered_by=builders.entry(30000, "0.02")), "commits 600 USDT as before"),
        (builders.terms(steps=()), "no take profit any more, was at 63000, 66000"),
        (builders.terms(steps=[builders.STEPS[1], builders.STEPS[0]]), "take profit at 66000, 63000 instead of"),
        (builders.terms(steps=[builders.step(63000, 60), builders.step(66000, 40)]), "acts differently"),
        (builders.terms(leverage=CROSS), "leverage cross 5 instead of none"),
        (builders.terms(leverage=replace(CROSS, value=None)), "leverage cross instead of none"),
        (builders.terms(stop_loss=builders.stop(breakeven=True)), "stop at 58500 acts differently"),
    ],
)
def test_an_update_of_a_waiting_trade_says_what_becomes_of_it(after: Terms, words: str) -> None:
    effect, said = updated(after, builders.live())
    assert effect is Effect.REPRICES
    assert words in said


def test_new_steps_where_none_were_are_named() -> None:
    live = builders.live(builders.spec(builders.terms(steps=())))
    assert updated(builders.terms(), live)[1] == "take profit at 63000, 66000, none before"


def test_an_entry_that_would_fill_at_once_executes() -> None:
    after = builders.terms(entered_by=builders.entry(62000))
    assert updated(after, builders.live(), ENTRY_FIRES) == (
        Effect.EXECUTES,
        "buys 0.01 BTC at once, about 610.01 USDT",
    )


def test_arming_again_protects_unless_the_price_has_passed() -> None:
    def rearmed(last: int) -> tuple[tuple[Effect, ...], str]:
        prices = builders.prices(last)
        closing = foresee_update(OPEN, OPEN.terms, OPEN.terms, prices=prices, sends_stop=True)
        found, money = forecast_rearm(OPEN, OPEN.terms, OPEN.terms, prices=prices, closing=closing)
        return found, describe_all(money)

    assert rearmed(61000) == (
        (Effect.PROTECTS,),
        "makes the stop at 58500 active again; the position is unprotected now",
    )
    assert rearmed(58000) == (
        (Effect.EXECUTES,),
        (
            "makes the stop at 58500 active again, which the price has passed; closes the position at once:"
            " sells 0.01 BTC for about 579.99 USDT, result about -20.01 USDT"
        ),
    )
