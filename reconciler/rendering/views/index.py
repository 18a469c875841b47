"""The index of a plan: a row for each trade, the most dangerous first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.danger import Danger
from reconciler.model.operations import Cause, Operation
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.plan_view import IndexRow, LossView, RowKind
from reconciler.model.risk import OperationRisk, TradeRisk
from reconciler.model.terms import Side, Terms
from reconciler.rendering.phrases import join, phrase, unit, value
from reconciler.rendering.plan_words import EDITED, VERBS
from reconciler.rendering.reasons import say
from reconciler.rendering.risk_text import describe_ratio, money
from reconciler.rendering.templates import group_digits
from reconciler.rendering.views.tones import find_symbol, tone_of
from reconciler.risk.danger import TradeOperations, find_loss_growth, group_by_danger, rank_danger

# More dangerous trades are counted.
_MOST_NAMED = 5


def view_rows(
    plan: Plan, groups: Sequence[TradeOperations], cards: Mapping[str, IndexRow], blocked: Sequence[IndexRow]
) -> tuple[IndexRow, ...]:
    """Put the index of a plan together.

    Args:
        plan: The plan.
        groups: Its operations by trade, the most dangerous first.
        cards: Trade to its row.
        blocked: Rows of what is not done.
    """
    changed = {group.trade for group in groups}
    lost = [each for each in plan.notices if each.kind is NoticeKind.LOSS and each.trade not in changed]
    ahead = sum(group.danger <= Danger.CLOSES for group in groups)
    rows = [cards[group.trade] for group in groups]
    return (*rows[:ahead], *map(_view_loss, lost), *rows[ahead:], *blocked)


def say_dangerous(plan: Plan) -> Phrase:
    """Name the trades of a plan that rank high, the most dangerous first, to be read right before the approval."""
    found = [
        phrase(value(group.trade), f" ({_pick_worst(group).effect.value})")
        for group in group_by_danger(plan)
        if group.danger.is_high
    ]
    more = len(found) - _MOST_NAMED
    named = phrase(join(found[:_MOST_NAMED], ", "), f" and {more} more" if more > 0 else "")
    return phrase("Dangerous: ", named, ".") if found else ()


def view_row(group: TradeOperations) -> IndexRow:
    """Make the row of a trade that changes."""
    operation = _pick_worst(group)
    return IndexRow(
        kind=RowKind.OPERATION,
        symbol=find_symbol(operation),
        tone=tone_of(group.danger),
        trade=group.trade,
        live_id=operation.live_id,
        pair=operation.pair,
        effect=operation.effect.value,
        action=operation.action.value,
        what=_say_what(group, operation),
        loss=_view_growth(group.risk),
        ratio="-" if group.risk.after is None else describe_ratio(group.risk.after.reward_risk),
        binds=_find_growth(group.risk),
        is_dangerous=group.danger.is_high,
    )


def _pick_worst(group: TradeOperations) -> Operation:
    return min(group.operations, key=rank_danger)


def view_blocked_row(blocked: Blocked) -> IndexRow:
    """Make the row of something that is not done."""
    return IndexRow(
        kind=RowKind.BLOCKED,
        symbol="x",
        tone=Tone.BLOCKED,
        trade=blocked.trade,
        live_id=blocked.live_id,
        pair="",
        effect="blocked",
        what=say(blocked.reason),
    )


def _view_loss(notice: Notice) -> IndexRow:
    return IndexRow(
        kind=RowKind.LOSS,
        symbol="!",
        tone=Tone.DANGER,
        trade=notice.trade,
        live_id=notice.live_id,
        pair="",
        effect="LOSS",
        what=say(notice.reason),
        is_dangerous=True,
    )


def _view_growth(risk: OperationRisk) -> LossView | None:
    """Say what can be lost before and after."""
    side = risk.after or risk.before
    if side is None:
        return None
    growth = find_loss_growth(risk)
    is_bare = risk.after is not None and not risk.after.has_stop
    change = "" if growth is None else "=" if growth == 0 else money(growth, side.currency, is_signed=True)
    return LossView(
        currency=side.currency,
        before=_show_loss(risk.before),
        after=_show_loss(risk.after),
        change="" if is_bare else change,
        is_worse=is_bare or (growth > 0 if growth is not None else not _is_covered(risk)),
    )


def _is_covered(risk: OperationRisk) -> bool:
    """Return whether a trade gets a stop that it had not, and it is known what can be lost then."""
    was_bare = risk.before is not None and not risk.before.has_stop
    return was_bare and (risk.after is None or risk.after.loss_at_stop is not None)


def _show_loss(side: TradeRisk | None) -> str:
    if side is None:
        return "-"
    if not side.has_stop:
        return "no stop"
    return "not known" if side.loss_at_stop is None else money(side.loss_at_stop, side.currency)


def _say_what(group: TradeOperations, operation: Operation) -> Phrase:
    # The marker beside real work is bookkeeping.
    count = sum(each.cause is not Cause.MARKER for each in group.operations)
    more = f"{count} changes: " if count > 1 else ""
    edited = f"{EDITED}: " if operation.cause in (Cause.DRIFT, Cause.FILE_AND_DRIFT) else ""
    return phrase(more, edited, _say_operation(operation))


def _say_operation(operation: Operation) -> Phrase:
    """Say the most important thing that an operation does, in few words."""
    after = operation.after
    if operation.opens and after is not None and not operation.executes:
        return _say_opening(after)
    if not operation.money:
        return phrase(VERBS[operation.action])
    said = say(operation.money[0])
    return phrase("in no file: ", said) if operation.cause is Cause.OMISSION else said


def _say_opening(terms: Terms) -> Phrase:
    size = phrase(f"{_show(terms.entry.units)} ", unit(terms.unit))
    if terms.skip_enter_step:
        return phrase("takes over ", size, " already held")
    verb = "buys " if terms.entry.side is Side.BUY else "sells "
    condition = terms.entry.condition
    price = f" at {_show(terms.entry.price)}" if terms.entry.price is not None else ""
    when = f" when {condition.price_type.value} is {_show(condition.price)}" if condition else ""
    leverage = f", {plain(terms.leverage.value)}x" if terms.leverage and terms.leverage.value else ""
    return phrase(verb, size, price, when, leverage)


def _show(number: Decimal) -> str:
    return group_digits(plain(number))


def _find_growth(risk: OperationRisk) -> Mapping[str, Decimal]:
    """Find by how much the notional grows, by currency; nothing if it does not, or if that is not known."""
    after = risk.after
    if after is None or after.notional is None:
        return {}
    before = Decimal(0) if risk.before is None else risk.before.notional
    return {} if before is None or after.notional <= before else {after.currency: after.notional - before}
