"""What an update does to money and to the protection of a position, in words and amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.codec.numbers import is_near
from reconciler.model.consequences import Closing, Liquidation, Moment
from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire, FireKind
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.operations import Effect
from reconciler.model.terms import Side, StopLoss, Terms
from reconciler.planning.amounts import describe_level, describe_levels, describe_leverage
from reconciler.planning.consequences import foresee_liquidation, is_leverage_worse
from reconciler.planning.forecasts import (
    describe_closing,
    describe_commitment,
    describe_entering,
    describe_liquidation,
)
from reconciler.planning.stop_forecasts import describe_stop

# One thing that an update does: in a word, and in words.
Finding = tuple[Effect, str]

# How far a stop at the entry may be from the average that is shown: by a commission. Assumed.
_BREAKEVEN_TOLERANCE = Decimal("0.002")
_MOST_SEVERE_FIRST = (Effect.EXECUTES, Effect.UNPROTECTS, Effect.PROTECTS, Effect.REPRICES)


def describe_update(
    live: LiveTrade,
    before: Terms,
    after: Terms,
    *,
    prices: Prices | None,
    fires: Sequence[Fire],
    closing: Closing | None = None,
) -> tuple[tuple[Effect, ...], str]:
    """Effects of an update, the most severe first; where a position is held, the words are those of its protection.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, where they are known.
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
        found.append((Effect.EXECUTES if is_now else Effect.REPRICES, describe_closing(closing, after)))
    return _rank_effects({effect for effect, _ in found}, closing), "; ".join(words for _, words in found)


def describe_rearm(
    live: LiveTrade, before: Terms, after: Terms, *, prices: Prices | None, closing: Closing | None
) -> tuple[tuple[Effect, ...], str]:
    """Effects of arming a stop that should be in place and is not, the most severe first.

    Args:
        live: The trade.
        before: Its terms with progress undone.
        after: Its terms afterwards.
        prices: The present prices, where they are known.
        closing: What that closes, from `foresee_update`.
    """
    level = describe_level(after.stop_loss.trigger) if after.stop_loss else "no level"
    passed = ", which the price has passed" if closing is not None and STOP_FIRES in closing.parts else ""
    words = f"arms the stop at {level} again{passed}"
    found = [(Effect.PROTECTS, words), *_judge_leverage(live, before, after, prices)]
    if closing is None:
        found.append((Effect.PROTECTS, "the position is unprotected now"))
    else:
        found.append((Effect.EXECUTES, describe_closing(closing, after)))
    return _rank_effects({effect for effect, _ in found}, closing), "; ".join(text for _, text in found)


def describe_weaker(live: LiveTrade, before: Terms, after: Terms, prices: Prices | None) -> str:
    """In which respect a trade that takes the place of a waiting one protects less; empty where in none.

    Args:
        live: The trade that waits.
        before: Its terms.
        after: The terms that take its place; levels of another pair or side are not compared.
        prices: The present prices of the new pair, where they are known.
    """
    is_same_market = (before.pair, before.entry.side) == (after.pair, after.entry.side)
    if not is_same_market:
        return "without the stop that it had" if before.stop_loss and not after.stop_loss else ""
    found = [*_judge_stop(live, before, after, prices), *_judge_leverage(live, before, after, prices)]
    return "; ".join(words for effect, words in found if effect is Effect.UNPROTECTS)


def _rank_effects(effects: set[Effect], closing: Closing | None) -> tuple[Effect, ...]:
    """Effects, the most severe first, without those that another one makes meaningless."""
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
    effect, words = describe_stop(before, after)
    liquidation = foresee_liquidation(after, prices, live)
    is_late = _is_before_stop(liquidation)
    # Before the entry there is no position yet: a stop that moves belongs to the order, one that goes is missed later.
    is_waiting = live.phase is Phase.ENTERING and after.stop_loss is not None
    if is_waiting or (effect is Effect.PROTECTS and (live.phase is Phase.ENTERING or is_late)):
        effect = Effect.REPRICES
    yield effect, words
    if liquidation is not None and is_late and before.leverage == after.leverage:
        yield effect, describe_liquidation(liquidation)


def _judge_entry(
    live: LiveTrade, before: Terms, after: Terms, prices: Prices | None, fires: Sequence[Fire]
) -> Iterator[Finding]:
    if live.phase is Phase.ENTERING and before.entry != after.entry:
        effect = Effect.EXECUTES if ENTRY_FIRES in fires else Effect.REPRICES
        yield effect, _describe_entry(before, after, prices, fires)


def _judge_steps(live: LiveTrade, before: Terms, after: Terms, fires: Sequence[Fire]) -> Iterator[Finding]:
    if before.steps == after.steps:
        return
    is_acting = live.phase is not Phase.ENTERING and any(fire.kind is FireKind.STEP for fire in fires)
    yield Effect.EXECUTES if is_acting else Effect.REPRICES, _describe_steps(before, after)


def _judge_leverage(live: LiveTrade, before: Terms, after: Terms, prices: Prices | None) -> Iterator[Finding]:
    """What another leverage does to the protection of a position; before the entry only what is known counts."""
    if before.leverage == after.leverage:
        return
    liquidation = foresee_liquidation(after, prices, live)
    if live.phase is Phase.ENTERING:
        is_worse = _is_before_stop(liquidation) and not _is_before_stop(foresee_liquidation(before, prices, live))
    else:
        is_worse = is_leverage_worse(before.leverage, after.leverage, liquidation)
    effect = Effect.UNPROTECTS if is_worse else Effect.REPRICES
    yield effect, f"leverage {describe_leverage(after.leverage)} instead of {describe_leverage(before.leverage)}"
    if liquidation is not None:
        yield effect, describe_liquidation(liquidation)


def _judge_restarts(live: LiveTrade, after: Terms, fires: Sequence[Fire]) -> Iterator[Finding]:
    if live.phase is not Phase.ENTERING:
        yield from ((Effect.UNPROTECTS, words) for words in _find_restarts(live, after, fires))


def _is_before_stop(liquidation: Liquidation | None) -> bool:
    return liquidation is not None and liquidation.is_before_stop is True


def _describe_entry(before: Terms, after: Terms, prices: Prices | None, fires: Sequence[Fire]) -> str:
    if ENTRY_FIRES in fires:
        return describe_entering(after, prices)
    was, becomes = describe_commitment(before), describe_commitment(after)
    return f"commits {becomes} as before" if was == becomes else f"commits {becomes} instead of {was}"


def _find_restarts(live: LiveTrade, after: Terms, fires: Sequence[Fire]) -> list[str]:
    """What an update loses although it changes nothing about it: no entity tells how far it has come.

    A trailing stop is rebuilt from its trigger, even where that is tightened: it may have come further by itself.

    Source: SmartTradesV2 page, entity; observed in the sandbox: an update starts a trailing or a timeout again.
    """
    stop, new, restarts = live.terms.stop_loss, after.stop_loss, []
    if stop is not None and stop.trailing_pct is not None and new is not None:
        words = f"the trailing stop starts again at {describe_level(new.trigger)}"
        restarts.append(f"{words}, since an update forgets how far it has followed the price")
    if stop is not None and new is not None and _may_undo_breakeven(live, stop, new):
        restarts.append(f"the stop, at the entry since the first step, may go back to {describe_level(new.trigger)}")
    if stop is not None and stop.timeout_s is not None and stop == new and STOP_FIRES in fires:
        restarts.append(f"the timeout of the stop, already running, starts again with {stop.timeout_s} s")
    restarts += [
        f"the trailing of the step at {describe_level(step.terms.level)}, already active, starts again"
        for step in live.open_steps
        if step.status == "trailing_activated"
    ]
    return restarts


def _may_undo_breakeven(live: LiveTrade, stop: StopLoss, new: StopLoss) -> bool:
    """Whether breakeven has moved a stop that is shown where it was, so that an update may put it back there."""
    average, level = live.average_price, new.trigger.value
    if not (stop.breakeven and live.finished_steps) or average is None or level is None:
        return False
    is_behind = level < average if live.terms.entry.side is Side.BUY else level > average
    return is_behind and not is_near(level, average, _BREAKEVEN_TOLERANCE)


def _describe_steps(before: Terms, after: Terms) -> str:
    if not after.steps:
        return f"no take profit any more, was at {describe_levels(before)}"
    if not before.steps:
        return f"take profit at {describe_levels(after)}, none before"
    if describe_levels(before) == describe_levels(after):
        return f"take profit at {describe_levels(after)} acts differently"
    return f"take profit at {describe_levels(after)} instead of {describe_levels(before)}"
