from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.live import LiveTrade, Phase
from reconciler.model.plan import Effect
from reconciler.model.terms import Leverage, LeverageType, OrderType, PriceType, Side, StopLoss, Terms
from reconciler.planning import effects
from tests import builders

OPEN = builders.live(phase=Phase.OPEN)
SHORT = builders.entry(side=Side.SELL)
CROSS = Leverage(type=LeverageType.CROSS, value=Decimal(5))


@pytest.mark.parametrize(
    ("terms", "fires", "effect", "words"),
    [
        (builders.terms(), [], Effect.COMMITS, "600 USDT"),
        (builders.terms(entered_by=SHORT), [], Effect.COMMITS, "0.01 BTC"),
        (builders.terms(entered_by=builders.entry(None, trigger=59000)), [], Effect.COMMITS, "590 USDT"),
        (builders.terms(leverage=CROSS), [], Effect.COMMITS, "600 USDT, leverage cross 5"),
        (
            builders.terms(entered_by=builders.entry(None)),
            ["position"],
            Effect.EXECUTES,
            "buys 0.01 BTC at once, about 610.01 USDT",
        ),
        (
            builders.terms(entered_by=builders.entry(None, side=Side.SELL)),
            ["position"],
            Effect.EXECUTES,
            "sells 0.01 BTC at once, about 609.99 USDT",
        ),
        (builders.terms(is_own_funds=True), [], Effect.COMMITS, "takes charge of 0.01 BTC already held"),
        (builders.terms(is_own_funds=True), ["stop_loss"], Effect.EXECUTES, "takes charge of 0.01 BTC already held"),
    ],
)
def test_opening_a_trade_says_what_is_committed_or_bought(
    terms: Terms, fires: list[str], effect: Effect, words: str
) -> None:
    assert effects.describe_create(terms, builders.prices(), fires) == (effect, words)


def test_without_prices_no_amount_is_made_up() -> None:
    market = builders.terms(entered_by=builders.entry(None))
    assert effects.describe_create(market, None, ["position"])[1] == "buys 0.01 BTC at once"
    assert effects.describe_close(OPEN, None)[1] == "sells 0.01 BTC at market"


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
    assert effects.describe_cancel(live) == (effect, words)


def test_closing_says_what_is_sold_or_bought_back() -> None:
    short = builders.live(phase=Phase.OPEN, shown=builders.terms(entered_by=SHORT))
    assert effects.describe_close(OPEN, builders.prices()) == (
        Effect.EXECUTES,
        "sells 0.01 BTC at market, about 609.99 USDT",
    )
    assert effects.describe_close(short, builders.prices())[1] == "buys back 0.01 BTC at market, about 610.01 USDT"


def test_a_step_is_a_share_of_what_was_entered_not_of_what_is_left() -> None:
    live = builders.live(phase=Phase.OPEN, closed="0.005")
    assert effects.describe_cancel_step(live, builders.STEPS[1])[1] == "50 % of the position, 0.005 BTC, gets no step"


def updated(after: Terms, live: LiveTrade = OPEN, *fires: str) -> tuple[Effect, str]:
    return effects.describe_update(live, live.terms, after, prices=builders.prices(), fires=fires)


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
        "take profit at 64000 instead of 63000, 66000; the trailing stop starts anew at 58500,"
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
    assert words.endswith("the trailing of the step at 63000, already active, starts anew")


def test_a_running_timeout_of_the_stop_starts_anew_too() -> None:
    terms = builders.terms(stop_loss=builders.stop(61500, timeout=60))
    live = builders.live(builders.spec(terms), Phase.OPEN)
    steps = replace(terms, steps=(builders.step(64000, 100),))
    effect, words = updated(steps, live, "stop_loss")
    assert effect is Effect.UNPROTECTS
    assert words.endswith("the timeout of the stop, already running, starts anew with 60 s")
    assert updated(steps, live)[0] is Effect.REPRICES


def test_before_the_entry_nothing_stands_to_be_unprotected() -> None:
    assert updated(builders.terms(stop_loss=None), builders.live()) == (
        Effect.REPRICES,
        "no stop any more, was at 58500",
    )


def test_a_stop_that_the_price_has_passed_executes() -> None:
    assert updated(builders.terms(stop_loss=builders.stop(61500)), OPEN, "stop_loss")[0] is Effect.EXECUTES


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
        (builders.terms(stop_loss=builders.stop(timeout=9)), "stop at 58500 acts differently"),
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
    assert updated(after, builders.live(), "position") == (
        Effect.EXECUTES,
        "buys 0.01 BTC at once, about 610.01 USDT",
    )


def test_arming_again_protects_unless_the_price_has_passed() -> None:
    assert effects.describe_rearm(OPEN, OPEN.terms, ()) == (
        Effect.PROTECTS,
        "arms the stop at 58500 again; the position is unprotected now",
    )
    assert effects.describe_rearm(OPEN, OPEN.terms, ("stop_loss",)) == (
        Effect.EXECUTES,
        "arms the stop at 58500 again, which the price has passed: closes 0.01 BTC at once",
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
    assert effects.describe_create(short, None, ())[1] == words
