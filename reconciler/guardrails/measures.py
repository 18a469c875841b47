"""Stage 7b: values of a plan against one limit: a sum over trades, or the worst of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.model.guardrails import Guardrail, GuardrailReason, GuardrailState, Limit
from reconciler.model.reasons import Reason, reason

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
# From this share of a limit on it is marked, in percent.
_NEAR_PCT = Decimal(80)
# A total of thousands of trades is explained by the largest; a reason names the first few.
_MOST_TRADES = 20
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One trade, or one operation, with its value for a limit.

    Attributes:
        trade: Its name.
        before: Value before the plan, 0 if the trade is not there; None if it is not known, or means nothing.
        after: Value after the plan, 0 if the trade is not there; None if it is not known.
        can_raise: Whether an operation of the plan may raise the value, so that a breach holds it back.
        unit: Currency, `%`, or empty.
    """

    trade: str
    before: Decimal | None
    after: Decimal | None
    can_raise: bool
    unit: str = ""

    @property
    def is_raised(self) -> bool:
        """Return whether the plan raises the value, or may do so."""
        return self.can_raise and (self.before is None or self.after is None or self.after > self.before)


def judge_sum(
    limit: Limit, subjects: Sequence[Subject], most: Decimal | None, *, unit: str = "", scope: str = ""
) -> Guardrail:
    """Judge the sum of some values.

    Args:
        limit: The limit.
        subjects: All that counts, of one unit.
        most: The largest allowed sum; None if none is stated for the unit.
        unit: Currency, or empty for a count.
        scope: Pair that it is about, or empty.
    """
    value, before = _add(each.after for each in subjects), _add(each.before for each in subjects)
    counted = _largest_first(each for each in subjects if each.after is None or each.after)
    return Guardrail(
        name=limit.name,
        level=limit.level,
        value=value,
        before=before,
        limit=most,
        unit=unit,
        scope=scope,
        trades=tuple(each.trade for each in (counted if not unit else counted[:_MOST_TRADES])),
        holds=tuple(each.trade for each in _largest_first(subjects) if each.is_raised),
        state=find_state(value, before, most),
        reason=find_reason(value, most, unit, counted),
    )


def judge_worst(
    limit: Limit, subjects: Sequence[Subject], bound: Decimal | None, *, unit: str = "", is_least: bool = False
) -> Guardrail:
    """Judge the worst of some values; it is that of an untouched trade only if no operation passes the limit.

    Args:
        limit: The limit.
        subjects: All that counts, of one unit; at least one.
        bound: The largest allowed value, or the least; None if none is stated for the unit.
        unit: Currency, `%`, or empty.
        is_least: Whether `bound` is the least allowed value.
    """
    if is_least:
        turned = judge_worst(limit, [_negate(each) for each in subjects], None if bound is None else -bound, unit=unit)
        return _turn_back(turned, bound, subjects)
    over = [each for each in subjects if each.after is None or bound is None or each.after > bound]
    held = _largest_first(each for each in over if each.is_raised)
    ranked = held or _largest_first(over) or _largest_first(subjects)
    worst = ranked[0]
    state = find_state(worst.after, None if worst in held else worst.after, bound)
    if state is GuardrailState.UNKNOWN and worst not in held:
        # It was not known before either: no reason to hold back other trades.
        state = GuardrailState.OVER_BEFORE
    return Guardrail(
        name=limit.name,
        level=limit.level,
        value=worst.after,
        before=worst.before,
        limit=bound,
        unit=unit,
        scope=worst.trade,
        trades=tuple(each.trade for each in ranked[:_MOST_TRADES]),
        holds=tuple(each.trade for each in held or _largest_first(each for each in subjects if each.is_raised)),
        state=state,
        reason=find_reason(worst.after, bound, unit, ranked),
    )


def find_state(value: Decimal | None, before: Decimal | None, most: Decimal | None) -> GuardrailState:
    """Find the state of a limit on the largest value.

    Args:
        value: Value after the plan, or None if it is not known.
        before: Value before the plan; None if the plan raises it, or if it is not known.
        most: The largest allowed value; None if none is stated: then any rise passes it.
    """
    if value is None:
        return GuardrailState.UNKNOWN
    if most is None and value <= 0:
        return GuardrailState.OK
    if most is None or value > most:
        is_raised = before is None or value > before
        return GuardrailState.OVER if is_raised else GuardrailState.OVER_BEFORE
    if value == most and value > 0:
        return GuardrailState.AT_LIMIT
    return GuardrailState.NEAR if 0 < most * _NEAR_PCT <= value * _HUNDRED else GuardrailState.OK


def find_reason(value: Decimal | None, most: Decimal | None, unit: str, subjects: Sequence[Subject]) -> Reason | None:
    """Find what the numbers do not say: that a part is not known, or that no limit is stated for a currency."""
    if most is None and value != 0:
        return reason(GuardrailReason.NO_LIMIT, currency=unit)
    if value is None:
        names = [each.trade for each in subjects if each.after is None]
        return reason(
            GuardrailReason.PART_UNKNOWN, trades=tuple(names[:_MOST_NAMED]), more=len(names[_MOST_NAMED:]) or None
        )
    return None


def _add(values: Iterable[Decimal | None]) -> Decimal | None:
    total = _NOTHING
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _largest_first(subjects: Iterable[Subject]) -> list[Subject]:
    """Sort by falling value, what is not known first, and by name."""
    return sorted(subjects, key=lambda each: (each.after is not None, -(each.after or _NOTHING), each.trade))


def _negate(subject: Subject) -> Subject:
    return Subject(
        trade=subject.trade,
        before=None if subject.before is None else -subject.before,
        after=None if subject.after is None else -subject.after,
        can_raise=subject.can_raise,
        unit=subject.unit,
    )


def _turn_back(turned: Guardrail, least: Decimal | None, subjects: Sequence[Subject]) -> Guardrail:
    """Return a judgement on negated values as one on the least value; near a least value nothing is marked."""
    found = next(each for each in subjects if each.trade == turned.scope)
    states = {GuardrailState.NEAR: GuardrailState.OK}
    state = states.get(turned.state, turned.state)
    if found.after is not None and found.after == least:
        state = GuardrailState.AT_LIMIT
    return replace(turned, value=found.after, before=found.before, limit=least, is_least=True, state=state)
