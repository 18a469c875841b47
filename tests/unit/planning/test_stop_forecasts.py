"""Forecasts of another stop."""

from __future__ import annotations

import pytest

from reconciler.model.operations import Effect
from reconciler.model.terms import PriceType, StopLoss
from reconciler.planning.stop_forecasts import forecast_stop
from reconciler.rendering.reasons import describe
from tests.support import builders


@pytest.mark.parametrize(
    ("old", "new", "effect", "words"),
    [
        (builders.stop(58500), None, Effect.UNPROTECTS, "no stop any more, was at 58500"),
        (None, builders.stop(58500), Effect.PROTECTS, "stop at 58500, none before"),
        (builders.stop(58500), builders.stop(58400), Effect.UNPROTECTS, "stop at 58400 instead of 58500"),
        (builders.stop(58500), builders.stop(None, percent=3), Effect.UNPROTECTS, "stop at 3 % instead of 58500"),
        (builders.stop(58500), builders.stop(58500, timeout=60), Effect.UNPROTECTS, "stop at 58500 acts differently"),
        (
            builders.stop(58500, watched=PriceType.LAST),
            builders.stop(58500, watched=PriceType.BID),
            Effect.PROTECTS,
            "stop at 58500 watches bid instead of last",
        ),
    ],
)
def test_a_change_of_the_stop_says_what_it_does_to_the_protection(
    old: StopLoss | None, new: StopLoss | None, effect: Effect, words: str
) -> None:
    found, forecast = forecast_stop(builders.terms(stop_loss=old), builders.terms(stop_loss=new))

    assert (found, describe(forecast)) == (effect, words)
