"""Updates of a trade (PATCH).

Source: update page (groups are replaced whole, steps get new ids). What happens to missing groups and to finished
steps is not documented: both are options, with the plain reading as default.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reconciler.sandbox.engine.allowed_actions import can_edit
from reconciler.sandbox.engine.entry import choose_crossing
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.orders import withdraw_order
from reconciler.sandbox.engine.stop_loss import find_shown_trigger, keep_trailing
from reconciler.sandbox.engine.trade import SmartTrade, Step, Stop
from reconciler.sandbox.engine.trade_end import begin_waiting
from reconciler.sandbox.requests.grid import cut_change
from reconciler.sandbox.requests.trade_rules import Problems, check_entry, check_steps, check_stop
from reconciler.sandbox.values.options import FinishedSteps, MissingGroups, OffGrid, TrailingPercent
from reconciler.sandbox.values.refusals import refuse_parameters, refuse_status
from reconciler.sandbox.values.statuses import OrderStatus
from reconciler.sandbox.values.terms import ChangeTerms, EntryTerms, EntryType, OrderType, StepTerms, StopTerms

TakeIds = Callable[[int], Sequence[int]]


def update_trade(trade: SmartTrade, change: ChangeTerms, moment: Moment, take_ids: TakeIds) -> None:
    """Apply a PATCH; new steps and a new stop get ids of their own and are placed at the next settlement.

    Args:
        trade: A settled trade.
        change: Terms of the request.
        moment: Prices, funds and time.
        take_ids: Returns a number of new ids of Trade entities.

    Raises:
        RequestRefused: The status does not allow it, a rule is broken, or a finished step was changed.
    """
    if not can_edit(trade):
        raise refuse_status("Update", moment.options.wrong_status)
    if moment.options.off_grid is OffGrid.CUT:
        change = cut_change(change, moment.pair, has_own_price=trade.skip_enter_step)
    if trade.is_instant:
        change = replace(change, replaces_steps=False, replaces_stop=False)
    elif moment.options.missing_groups is MissingGroups.DISABLED:
        # A group that is missing in the request has no terms, which disables it.
        change = replace(change, replaces_steps=True, replaces_stop=True)
    entry = _merge_entry(trade, change)
    _check_change(trade, change, entry, moment)
    if change.replaces_steps:
        _replace_steps(trade, change.steps, moment, take_ids)
    if change.replaces_stop:
        _replace_stop(trade, change, moment, take_ids)
    if entry != trade.position.terms:
        _replace_entry(trade, entry, moment)
    if change.replaces_leverage and moment.pair.is_contract:
        trade.leverage = change.leverage
    begin_waiting(trade, moment)


def _merge_entry(trade: SmartTrade, change: ChangeTerms) -> EntryTerms:
    terms = trade.position.terms
    if trade.skip_enter_step:
        return replace(terms, price=change.price or terms.price)
    if trade.is_entered:
        return terms
    if terms.order_type is EntryType.CONDITIONAL:
        order_type = change.conditional_order_type or terms.conditional_order_type
        terms = replace(
            terms,
            trigger=change.trigger or terms.trigger,
            trigger_type=change.trigger_type or terms.trigger_type,
            conditional_order_type=order_type,
            trailing_pct=change.trailing_pct if change.replaces_trailing else terms.trailing_pct,
        )
    has_limit = OrderType.LIMIT in (terms.order_type, terms.conditional_order_type)
    return replace(terms, units=change.units, price=(change.price or terms.price) if has_limit else None)


def _check_change(trade: SmartTrade, change: ChangeTerms, entry: EntryTerms, moment: Moment) -> None:
    is_trailing = entry.trailing_pct is not None and not trade.is_entered
    steps = change.steps if change.replaces_steps else tuple(step.terms for step in trade.steps)
    stop = change.stop if change.replaces_stop else trade.stop.terms if trade.stop else None
    is_strict = moment.options.off_grid is OffGrid.REFUSED
    problems: Problems = {}
    if not trade.is_entered:
        if OrderType.LIMIT in (entry.order_type, entry.conditional_order_type) and entry.price is None:
            raise refuse_parameters({"position[price]": ["is missing"], "position[price][value]": ["is missing"]})
        problems |= check_entry(entry, moment.pair, moment.after, is_strict=is_strict)
        if entry.units <= trade.position.filled_units:
            problems.setdefault("units_to_buy", []).append("must be greater than what is filled already")
    if change.replaces_steps and steps is not None:
        sized = replace(entry, units=trade.entered_amount) if trade.is_entered else entry
        problems |= check_steps(steps, sized, moment.pair, is_trailing=is_trailing)
    if change.replaces_stop and stop is not None:
        is_strict = is_strict and not _is_trailing_echo(trade, stop, moment)
        problems |= check_stop(stop, steps or (), entry, moment.pair, is_trailing=is_trailing, is_strict=is_strict)
    if problems:
        raise refuse_parameters(problems, status=422)


def _replace_steps(trade: SmartTrade, wanted: tuple[StepTerms, ...] | None, moment: Moment, take_ids: TakeIds) -> None:
    finished = [step for step in trade.steps if step.is_done]
    if finished and moment.options.finished_steps is FinishedSteps.REFUSED:
        raise refuse_parameters({"take_profit.steps": ["finished steps cannot be changed"]}, status=422)
    rebuilt: list[Step] = []
    for terms in wanted or ():
        kept = next((step for step in finished if _is_echoed(step, terms)), None)
        if kept is not None:
            finished.remove(kept)
            rebuilt.append(kept)
        else:
            rebuilt.append(Step(id=0, terms=terms, price=terms.price))
    if finished:
        raise refuse_parameters({"take_profit.steps": ["finished steps cannot be changed"]}, status=422)
    for step in trade.steps:
        withdraw_order(step, trade.exit_side, moment)
        if step.fill is not None and not step.is_done:
            step.status = OrderStatus.CANCELLED
            trade.retired.append(step)
    fresh = [step for step in rebuilt if not step.id]
    for step, step_id in zip(fresh, take_ids(len(fresh)), strict=True):
        step.id = step_id
    trade.steps = rebuilt
    trade.has_take_profit = wanted is not None


def _is_echoed(step: Step, terms: StepTerms) -> bool:
    same_level = terms.price == step.price if terms.price is not None else terms.percent == step.terms.percent
    return same_level and replace(terms, price=None, percent=None) == replace(step.terms, price=None, percent=None)


def _replace_stop(trade: SmartTrade, change: ChangeTerms, moment: Moment, take_ids: TakeIds) -> None:
    before = trade.stop
    if before is not None:
        withdraw_order(before, trade.exit_side, moment)
    if change.stop is None:
        trade.stop = None
        return
    (stop_id,) = take_ids(1)
    stop = Stop(id=stop_id, terms=change.stop, trigger=change.stop.trigger)
    if before is not None and _is_trailing_echo(trade, change.stop, moment):
        keep_trailing(before, stop)
    trade.stop = stop


def _is_trailing_echo(trade: SmartTrade, stop: StopTerms, moment: Moment) -> bool:
    """Return whether a trailing stop is sent back as it is shown, with its trigger moved; then it goes on trailing.

    Source: assumed, for answers that do not name the distance.
    """
    before = trade.stop
    if before is None or before.extreme is None or moment.options.trailing_percent is not TrailingPercent.NULL:
        return False
    same_trigger = stop.trigger is not None and stop.trigger == find_shown_trigger(
        trade, before, moment.pair, moment.options
    )
    return same_trigger and _without_level(stop) == _without_level(before.terms)


def _without_level(stop: StopTerms) -> StopTerms:
    return replace(stop, trigger=None, percent=None, trailing_pct=None)


def _replace_entry(trade: SmartTrade, entry: EntryTerms, moment: Moment) -> None:
    position, before = trade.position, trade.position.terms
    position.terms = entry
    if trade.skip_enter_step:
        if entry.price:
            trade.entered_total = moment.pair.worth(trade.entered_amount, entry.price)
        return
    withdraw_order(position, entry.side, moment)
    position.status = OrderStatus.TO_PROCESS
    position.extreme = None
    if (entry.trigger, entry.trigger_type) != (before.trigger, before.trigger_type):
        position.crossing = choose_crossing(entry, moment.after)
