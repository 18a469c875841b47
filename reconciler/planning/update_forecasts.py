"""Forecasts of updates: what an update does to money and to the protection of a position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.codec.numbers import is_near
from reconciler.model.consequences import Closing, Liquidation, Moment
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire, FireKind
from reconciler.model.forecasts import Forecast
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.operations import Effect
from reconciler.model.reasons import Reason, reason
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Side, StopLoss, Terms
from reconciler.planning.amounts import level_of, leverage_of, margin_of, step_levels
from reconciler.planning.consequences import foresee_liquidation, is_leverage_worse
from reconciler.planning.forecasts import (
    find_commitment,
    forecast_closing,
    forecast_entering,
    forecast_liquidation,
    price_of_contracts,
)
from reconciler.planning.stop_forecasts import forecast_stop

# One thing that an update does: in one word, and in detail.
Finding = tuple[Effect, Reason]
# All effects, the most severe first, and the forecasts in the order of the trade's parts.
UpdateForecasts = tuple[tuple[Effect, ...], tuple[Reason, ...]]

# How far a stop at the entry may be from the average that is shown: by a commission. Assumed.
_BREAKEVEN_TOLERANCE = Decimal("0.002")
_MOST_SEVERE_FIRST = (Effect.EXECUTES, Effect.UNPROTECTS, Effect.PROTECTS, Effect.REPRICES)


def forecast_update(
    live: LiveTrade,
    before: Terms,
    after: Terms,
    *,
    prices: Prices | None,
    fires: Sequence[Fire],
    closing: Closing | None = None,
) -> UpdateForecasts:
    """Forecast an update.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, or None if they are not known.
        fires: What acts at once afterwards, from `find_fires`.
        closing: What the update closes, from `foresee_update`.
    """
    found = [
        *_judge_stop(live, before, after, prices),
        *_judge_entry(live, before, after, prices, fires),
        *_judge_steps(live, before, after, fires),
        *_judge_leverage(live, before, after, prices),
        *_judge_restarts(live, after, fires),
    ]
    if closing is not None:
        is_now = closing.moment is Moment.NOW
        found.append((Effect.EXECUTES if is_now else Effect.REPRICES, forecast_closing(closing, after)))
    return _join(found, closing)


def forecast_rearm(
    live: LiveTrade, before: Terms, after: Terms, *, prices: Prices | None, closing: Closing | None
) -> UpdateForecasts:
    """Forecast the sending of a stop that should be active and is not.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, or None if they are not known.
        closing: What that closes, from `foresee_update`.
    """
    is_passed = closing is not None and STOP_FIRES in closing.parts
    armed = reason(
        Forecast.STOP_ARMED_PASSED if is_passed else Forecast.STOP_ARMED,
        level=level_of(after.stop_loss.trigger, after) if after.stop_loss else None,
    )
    found = [(Effect.PROTECTS, armed), *_judge_leverage(live, before, after, prices)]
    if closing is None:
        found.append((Effect.PROTECTS, reason(Forecast.UNPROTECTED_NOW)))
    else:
        found.append((Effect.EXECUTES, forecast_closing(closing, after)))
    return _join(found, closing)


def find_weaker(live: LiveTrade, before: Terms, after: Terms, prices: Prices | None) -> tuple[Reason, ...]:
    """Find in which respects a trade that replaces a waiting one protects less; nothing if it does not.

    Args:
        live: The trade that waits.
        before: Its terms.
        after: The terms that replace it; levels of another pair or side are not compared.
        prices: The present prices of the new pair, or None if they are not known.
    """
    is_same_market = (before.pair, before.entry.side) == (after.pair, after.entry.side)
    if not is_same_market:
        return (reason(Forecast.WITHOUT_FORMER_STOP),) if before.stop_loss and not after.stop_loss else ()
    found = [*_judge_stop(live, before, after, prices), *_judge_leverage(live, before, after, prices)]
    return tuple(forecast for effect, forecast in found if effect is Effect.UNPROTECTS)


def _join(found: Sequence[Finding], closing: Closing | None) -> UpdateForecasts:
    return _rank_effects({effect for effect, _ in found}, closing), tuple(forecast for _, forecast in found)


def _rank_effects(effects: set[Effect], closing: Closing | None) -> tuple[Effect, ...]:
    """Order effects, the most severe first, without those that another one makes meaningless."""
    if closing is not None and closing.is_whole and closing.moment is Moment.NOW:
        # Of a position that is closed nothing is left to protect.
        return (Effect.EXECUTES,)
    if Effect.UNPROTECTS in effects:
        effects = effects - {Effect.PROTECTS}
    others = effects - {Effect.REPRICES}
    return tuple(effect for effect in _MOST_SEVERE_FIRST if effect in (others or {Effect.REPRICES}))


def _judge_stop(live: LiveTrade, before: Terms, after: Terms, prices: Prices | None) -> Iterator[Finding]:
    if before.stop_loss == after.stop_loss:
        return
    effect, forecast = forecast_stop(before, after)
    liquidation = foresee_liquidation(after, prices, live)
    is_late = _is_before_stop(liquidation)
    # Before the entry there is no position yet: a stop that moves belongs to the order, one that goes is missed later.
    is_waiting = live.phase is Phase.ENTERING and after.stop_loss is not None
    if is_waiting or (effect is Effect.PROTECTS and (live.phase is Phase.ENTERING or is_late)):
        effect = Effect.REPRICES
    yield effect, forecast
    if liquidation is not None and is_late and before.leverage == after.leverage:
        yield effect, forecast_liquidation(liquidation, after)


def _judge_entry(
    live: LiveTrade, before: Terms, after: Terms, prices: Prices | None, fires: Sequence[Fire]
) -> Iterator[Finding]:
    if live.phase is Phase.ENTERING and before.entry != after.entry:
        effect = Effect.EXECUTES if ENTRY_FIRES in fires else Effect.REPRICES
        yield effect, _forecast_entry(before, after, prices, fires)


def _judge_steps(live: LiveTrade, before: Terms, after: Terms, fires: Sequence[Fire]) -> Iterator[Finding]:
    if before.steps == after.steps:
        return
    is_acting = live.phase is not Phase.ENTERING and any(fire.kind is FireKind.STEP for fire in fires)
    yield Effect.EXECUTES if is_acting else Effect.REPRICES, _forecast_steps(before, after)


def _judge_leverage(live: LiveTrade, before: Terms, after: Terms, prices: Prices | None) -> Iterator[Finding]:
    """Check what another leverage does to the protection of a position; before the entry only what is known counts."""
    if before.leverage == after.leverage:
        return
    if after.leverage is not None and after.market.ignores_leverage:
        leverage = leverage_of(after.leverage)
        yield Effect.REPRICES, reason(Forecast.LEVERAGE_IGNORED, leverage=leverage, pair=after.pair)
        return
    liquidation = foresee_liquidation(after, prices, live)
    if live.phase is Phase.ENTERING:
        is_worse = _is_before_stop(liquidation) and not _is_before_stop(foresee_liquidation(before, prices, live))
    else:
        is_worse = is_leverage_worse(before.leverage, after.leverage, liquidation)
    effect = Effect.UNPROTECTS if is_worse else Effect.REPRICES
    yield (
        effect,
        reason(Forecast.LEVERAGE_CHANGED, leverage=leverage_of(after.leverage), before=leverage_of(before.leverage)),
    )
    if liquidation is not None:
        yield effect, forecast_liquidation(liquidation, after)


def _judge_restarts(live: LiveTrade, after: Terms, fires: Sequence[Fire]) -> Iterator[Finding]:
    if live.phase is not Phase.ENTERING:
        yield from ((Effect.UNPROTECTS, forecast) for forecast in _find_restarts(live, after, fires))


def _is_before_stop(liquidation: Liquidation | None) -> bool:
    return liquidation is not None and liquidation.is_before_stop is True


def _forecast_entry(before: Terms, after: Terms, prices: Prices | None, fires: Sequence[Fire]) -> Reason:
    if ENTRY_FIRES in fires:
        return forecast_entering(after, prices)
    was, becomes = find_commitment(before), find_commitment(after)
    price_before, price = price_of_contracts(before), price_of_contracts(after)
    if (was, price_before) == (becomes, price):
        return reason(Forecast.COMMITS_AS_BEFORE, total=becomes, price=price)
    return reason(
        Forecast.COMMITS_INSTEAD,
        total=becomes,
        margin=margin_of(becomes, after),
        before=was,
        price=price,
        price_before=price_before,
    )


def _find_restarts(live: LiveTrade, after: Terms, fires: Sequence[Fire]) -> list[Reason]:
    """Find the progress that an update resets although it does not change the field: the API does not return it.

    A trailing stop is rebuilt from its trigger, even if that is tightened: it may have moved further by itself.

    Source: SmartTradesV2 page, entity; observed in the sandbox: an update starts a trailing or a timeout again.
    """
    stop, new = live.terms.stop_loss, after.stop_loss
    restarts: list[Reason] = []
    if stop is not None and stop.is_trailing and new is not None:
        restarts.append(reason(Forecast.TRAILING_RESTARTS, level=level_of(new.trigger, after)))
    if stop is not None and new is not None and _may_undo_breakeven(live, stop, new):
        restarts.append(reason(Forecast.BREAKEVEN_UNDONE, level=level_of(new.trigger, after)))
    if stop is not None and stop.timeout_s is not None and stop == new and STOP_FIRES in fires:
        restarts.append(reason(Forecast.TIMEOUT_RESTARTS, seconds=stop.timeout_s))
    return restarts + [
        reason(Forecast.STEP_TRAILING_RESTARTS, level=level_of(step.terms.level, live.terms))
        for step in live.open_steps
        if step.status == OrderStatus.TRAILING_ACTIVATED
    ]


def _may_undo_breakeven(live: LiveTrade, stop: StopLoss, new: StopLoss) -> bool:
    """Return whether breakeven has moved a stop that is shown at its old level, so that an update may put it back."""
    average, level = live.average_price, new.trigger.value
    if not (stop.breakeven and live.finished_steps) or average is None or level is None:
        return False
    is_behind = level < average if live.terms.entry.side is Side.BUY else level > average
    return is_behind and not is_near(level, average, _BREAKEVEN_TOLERANCE)


def _forecast_steps(before: Terms, after: Terms) -> Reason:
    old, new = step_levels(before), step_levels(after)
    if not new:
        return reason(Forecast.STEPS_REMOVED, before=old)
    if not old:
        return reason(Forecast.STEPS_ADDED, levels=new)
    if old == new:
        return reason(Forecast.STEPS_ACT_DIFFERENTLY, levels=new)
    return reason(Forecast.STEPS_MOVED, levels=new, before=old)
