"""Guardrails of operations, and the risk that they are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.trade_changes import Facts, gather_facts
from reconciler.model.guardrails import Guardrail, PastTrades
from reconciler.model.live import Phase
from reconciler.model.operations import Effect, Operation
from reconciler.model.risk import Level, OperationRisk, TradeRisk, WorkspaceRisk
from tests.support import builders, planning

NOTHING_STATED: Mapping[str, object] = {}
ACCOUNTS = {"main": 1, "other": 2}

CREATE = planning.only(planning.plan([builders.spec(name="new")]))
# Lowers risk: the stop of an open trade is moved towards the price.
TIGHTEN = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(59000)))], [builders.live(phase=Phase.OPEN)])
)
# Raises risk: the stop is moved away.
LOOSEN = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(58000)))], [builders.live(phase=Phase.OPEN)])
)
assert TIGHTEN.effects == (Effect.PROTECTS,)
assert Effect.UNPROTECTS in LOOSEN.effects


def judge(operations: Iterable[Operation], stated: Mapping[str, object] = NOTHING_STATED) -> tuple[Guardrail, ...]:
    """All limits in use of operations whose risk is not known."""
    return evaluate(gather_facts(tuple(operations), WorkspaceRisk(), ACCOUNTS), read_limits(stated))


def count_breaches(operations: Iterable[Operation], stated: Mapping[str, object] = NOTHING_STATED) -> dict[str, int]:
    """The breaches, with what was counted."""
    return {each.name: int(each.value or 0) for each in judge(operations, stated) if each.is_breach}


def risk(currency: str = "USDT", pair: str = "USDT_BTC", **numbers: Any) -> TradeRisk:
    """The risk of a trade with a stop; numbers may be texts."""
    read = {name: Decimal(each) if isinstance(each, str | int) else each for name, each in numbers.items()}
    usual: dict[str, object] = {"has_stop": True, "notional": Decimal(0), "margin": Decimal(0)}
    usual |= {"loss_at_stop": Decimal(0)}
    parts = {**usual, **{name: bool(each) if name == "has_stop" else each for name, each in read.items()}}
    return TradeRisk(currency=currency, pair=pair, **parts)  # type: ignore[arg-type]  # a test names fields


def change(
    operation: Operation, before: TradeRisk | None, after: TradeRisk | None, levels: Iterable[Level] = ()
) -> tuple[Operation, OperationRisk]:
    """An operation with its risk."""
    return operation, OperationRisk(trade=operation.trade, before=before, after=after, levels=tuple(levels))


def named(operation: Operation, name: str) -> Operation:
    """The same operation on another trade."""
    return replace(operation, trade=name)


def gather(
    *changes: tuple[Operation, OperationRisk],
    others: Mapping[str, TradeRisk] | None = None,
    past: PastTrades | None = None,
) -> Facts:
    """The facts of some operations and of trades that are not touched."""
    workspace = WorkspaceRisk(operations=tuple(found for _, found in changes), trades=others or {})
    return gather_facts(tuple(operation for operation, _ in changes), workspace, ACCOUNTS, past)


def judge_all(facts: Facts, stated: Mapping[str, object]) -> tuple[Guardrail, ...]:
    """All limits in use."""
    return evaluate(facts, read_limits(stated))


def judge_one(facts: Facts, stated: Mapping[str, object], name: str) -> Guardrail:
    """The first entry of a limit: the one that matters most."""
    return next(each for each in evaluate(facts, read_limits(stated)) if each.name == name)
