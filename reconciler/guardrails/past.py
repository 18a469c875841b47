"""Stage 7b: limits that compare a plan with earlier trades of the workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from statistics import median

from reconciler.guardrails.counts import find_market_worth
from reconciler.guardrails.measures import Subject, find_state, judge_worst
from reconciler.guardrails.trade_changes import Facts, commits
from reconciler.model.guardrails import (
    ANY_CURRENCY,
    Guardrail,
    GuardrailReason,
    Limit,
    PastLoss,
    PastTrades,
)
from reconciler.model.reasons import Reason, reason

_NOTHING = Decimal(0)
# So many of the newest trades say what is usual.
SIZES_COMPARED = 20


def judge_losses(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge what trades have lost that ended within a time; a breach holds back what binds money."""
    holds = tuple(dict.fromkeys(each.trade for each in facts.operations if commits(each)))
    if facts.past is None or not facts.past.is_whole:
        yield _judge_loss(limit, holds, None, None, why=reason(GuardrailReason.HISTORY_NOT_READ))
        return
    losses = _find_losses(limit, facts.past)
    for currency in sorted({*limit.amounts, *(loss.currency for loss in losses)} - {ANY_CURRENCY}):
        most = limit.find_amount(currency)
        # A limit on the count alone says nothing about amounts.
        if limit.amounts:
            yield _judge_loss(limit, holds, most, [each for each in losses if each.currency == currency], currency)
    if limit.most is not None:
        yield _judge_loss(limit, holds, limit.most, [replace(each, amount=Decimal(1)) for each in losses])


def judge_sizes(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Judge the largest multiple of the usual notional, for each currency, of trades that are opened or enlarged."""
    sizes = facts.past.sizes if facts.past else {}
    by_currency: dict[str, list[Subject]] = {}
    for change in facts.changes:
        if not any(map(commits, change.operations)):
            continue
        usual = find_usual(sizes.get(change.currency, ()))
        if usual is None and limit.is_default:
            # A workspace has to begin somewhere.
            continue
        before, after = change.amount_before("notional"), change.amount_after("notional")
        if after is not None:
            after = max(after, find_market_worth(change.operations) or after)
        subject = Subject(
            trade=change.name,
            before=before / usual if usual and before else None,
            after=after / usual if usual and after is not None else None,
            can_raise=before is None or after is None or after > before,
        )
        by_currency.setdefault(change.currency, []).append(subject)
    for currency, subjects in by_currency.items():
        judged = judge_worst(limit, subjects, limit.most)
        lacks = find_usual(sizes.get(currency, ())) is None
        yield replace(judged, reason=reason(GuardrailReason.NO_EARLIER_TRADES, currency=currency)) if lacks else judged


def _find_losses(limit: Limit, past: PastTrades) -> list[PastLoss]:
    """Find the losses within the time of a limit; one whose time is not known counts."""
    since = past.now - timedelta(seconds=limit.within_s or 0)
    return [loss for loss in past.losses if loss.ended_at is None or loss.ended_at >= since]


def _judge_loss(
    limit: Limit,
    holds: tuple[str, ...],
    most: Decimal | None,
    losses: Sequence[PastLoss] | None,
    unit: str = "",
    why: Reason | None = None,
) -> Guardrail:
    """Judge a sum of losses. The plan does not raise it, and yet nothing that binds money may follow."""
    value = None if losses is None or any(each.amount is None for each in losses) else _add(losses)
    unknown = [each.trade for each in losses or () if each.amount is None]
    if most is None and losses:
        why = reason(GuardrailReason.NO_LIMIT, currency=unit)
    elif unknown:
        why = reason(GuardrailReason.PART_UNKNOWN, trades=tuple(unknown[:3]), more=len(unknown[3:]) or None)
    return Guardrail(
        name=limit.name,
        level=limit.level,
        value=value,
        limit=most,
        unit=unit,
        trades=tuple(each.trade for each in sorted(losses or (), key=lambda each: -(each.amount or _NOTHING))),
        holds=holds,
        state=find_state(value, None if holds else value, most),
        reason=why,
    )


def _add(losses: Sequence[PastLoss]) -> Decimal:
    return sum((each.amount or _NOTHING for each in losses), _NOTHING)


def find_usual(sizes: Sequence[Decimal]) -> Decimal | None:
    """Return the median of the newest sizes; None without any."""
    newest = sizes[:SIZES_COMPARED]
    return Decimal(median(newest)) if newest else None
