"""Write a plan as a JSON document.

`schemas/saved-plan.schema.json` describes it. It holds data: reasons are codes with values, money is a number with its
currency. Instants are kept to the millisecond, durations to the second; all else is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from reconciler import __version__
from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import Body, write_body, write_step
from reconciler.codec.fires import write_fire
from reconciler.codec.instants import write_instant
from reconciler.codec.numbers import plain
from reconciler.model.consequences import Closing, Liquidation, PreviousGeneration
from reconciler.model.live import Prices
from reconciler.model.markets import UNTOLD, Market
from reconciler.model.operations import Action, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, Plan, PlanContext
from reconciler.model.problems import Problem
from reconciler.model.review import ConfigChange, GitState
from reconciler.model.risk import OperationRisk
from reconciler.model.specs import Origin
from reconciler.rendering.risk_json import write_described
from reconciler.risk.danger import count_dangerous, rank_danger
from reconciler.saved_plan.guardrail_parts import write_guardrail
from reconciler.saved_plan.hold_parts import count_held, count_sent, write_holds
from reconciler.saved_plan.operations_digest import digest_operations
from reconciler.saved_plan.review_parts import write_review
from reconciler.saved_plan.risk_parts import write_operation_risk, write_workspace_risk

Sources = Mapping[str, Origin]

KIND = "reconciler-plan"
# A plan that was made without an account has another kind, so that no apply takes it.
COMPARISON_KIND = "reconciler-comparison"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "3.0"

# Scanned by pipelines of this field: a replace is one deletion and one creation.
_TERRAFORM_ACTIONS = {
    Action.CREATE: ["create"],
    Action.REPLACE: ["delete", "create"],
    Action.CANCEL: ["delete"],
    Action.CLOSE: ["delete"],
    Action.RELEASE: ["forget"],
}


def write_document(plan: Plan) -> Body:
    """Write the document of a plan, all but its digest."""
    added, changed, destroyed = plan.count_changes()
    return {
        "kind": KIND if plan.against is None else COMPARISON_KIND,
        "format_version": FORMAT_VERSION,
        "reconciler_version": __version__,
        **_write_context(plan.context),
        **({} if plan.against is None else {"against": plan.against}),
        "is_whole": plan.is_whole,
        "trade_names": list(plan.names),
        "released": list(plan.released),
        "newest_id": plan.newest_id,
        "is_applicable": plan.is_applicable,
        "summary": {
            "add": added,
            "change": changed,
            "destroy": destroyed,
            "blocked": len(plan.blocked),
            "unchanged": plan.unchanged,
            "attention": plan.attention,
            "dangerous": count_dangerous(plan),
            "held_back": count_held(plan),
            "sent": count_sent(plan),
        },
        "not_managed": list(plan.unmanaged),
        "outside": list(plan.outside),
        "requests": {
            "used": plan.requests_used,
            "needed": plan.requests_needed,
            "seconds_needed": round(plan.seconds_needed),
        },
        "prices": {pair: _write_seen(prices, plan.seen_at.get(pair)) for pair, prices in plan.prices.items()},
        **write_workspace_risk(plan.risk),
        "guardrails": [write_guardrail(guardrail) for guardrail in plan.guardrails],
        "operations": [
            _write_operation(operation, plan.risk.operations[place] if plan.risk.operations else None, plan.sources)
            for place, operation in enumerate(plan.operations)
        ],
        "blocked": [_write_blocked(blocked, plan.sources) for blocked in plan.blocked],
        "notices": [_write_notice(notice, plan.sources) for notice in plan.notices],
        "warnings": [_write_warning(warning) for warning in plan.warnings],
        **write_review(plan),
        "config_base": plan.config_base,
        "config_changes": [_write_config_change(change) for change in plan.config_changes],
        "git": _write_git(plan.git),
        **write_holds(plan),
        "operations_digest": digest_operations(plan.operations),
    }


def _write_context(context: PlanContext) -> Body:
    return {
        "workspace": context.workspace,
        "target": {
            "name": context.target,
            "kind": context.target_kind.value,
            "base_url": context.base_url,
            "mode": context.mode.value,
            "accounts": dict(context.accounts),
        },
        "git_commit": context.git_commit,
        "made_at": write_instant(context.made_at, precision="milliseconds"),
        "expires_at": write_instant(context.expires_at, precision="milliseconds"),
    }


def _write_git(git: GitState | None) -> Body | None:
    if git is None:
        return None
    return {"commit": git.commit, "tree": git.tree, "base_commit": git.base_commit, "dirty": git.is_dirty}


def _write_config_change(change: ConfigChange) -> Body:
    return {"path": change.path, "before": change.before, "after": change.after, "trades": list(change.trades)}


def _write_source(trade: str, sources: Sources) -> Body | None:
    """Write where a trade is written; null of one that is in no file."""
    source = sources.get(trade)
    return None if source is None else {"file": source.file, "line": source.line, "column": source.column}


def _write_seen(prices: Prices, seen_at: datetime | None) -> Body:
    return {**_write_prices(prices), "seen_at": write_instant(seen_at, precision="milliseconds") if seen_at else None}


def _write_prices(prices: Prices) -> Body:
    return {"bid": plain(prices.bid), "ask": plain(prices.ask), "last": plain(prices.last)}


def _write_blocked(blocked: Blocked, sources: Sources) -> Body:
    return {
        "trade": blocked.trade,
        "source": _write_source(blocked.trade, sources),
        "live_id": blocked.live_id,
        "reason": write_described(blocked.reason),
        "hint": write_described(blocked.hint),
        "changes": [_write_change(change) for change in blocked.changes],
    }


def _write_notice(notice: Notice, sources: Sources) -> Body:
    return {
        "kind": notice.kind.value,
        "trade": notice.trade,
        "source": _write_source(notice.trade, sources),
        "live_id": notice.live_id,
        "reason": write_described(notice.reason),
        "needs_attention": notice.needs_attention,
    }


def _find_market(operation: Operation) -> Market:
    if operation.after is not None:
        return operation.after.market
    return operation.precondition.terms.market if operation.precondition else UNTOLD


def _write_market(market: Market) -> Body:
    size = market.unit_size
    return {"kind": market.kind.value, "unit_size": None if size is None else plain(size)}


def _write_operation(operation: Operation, risk: OperationRisk | None, sources: Sources) -> Body:
    precondition = operation.precondition
    return {
        "action": operation.action.value,
        "actions": _TERRAFORM_ACTIONS.get(operation.action, ["update"]),
        "trade": operation.trade,
        "source": _write_source(operation.trade, sources),
        "danger": int(rank_danger(operation)),
        "generation": operation.generation,
        "cause": operation.cause.value,
        "effect": operation.effect.value,
        "side_effects": [effect.value for effect in operation.side_effects],
        "closing": _write_closing(operation.closing) if operation.closing else None,
        "liquidation": _write_liquidation(operation.liquidation) if operation.liquidation else None,
        "previous": _write_previous(operation.previous) if operation.previous else None,
        "reviewed_prices": _write_prices(operation.reviewed_prices) if operation.reviewed_prices else None,
        "money": [write_described(found) for found in operation.money],
        "before": write_body(precondition.terms) if precondition else None,
        "after": write_body(operation.after) if operation.after else None,
        "market": _write_market(_find_market(operation)),
        **write_operation_risk(risk),
        "changes": [_write_change(change) for change in operation.changes],
        "note_after": operation.note_after,
        "step": write_step(operation.step) if operation.step else None,
        "copies_left": operation.copies_left,
        "averaging": write_averaging(operation.averaging) if operation.averaging else None,
        "fires": [write_fire(fire) for fire in operation.fires],
        "former_names": list(operation.former_names),
        "ignored": list(operation.ignored),
        "precondition": {
            "live_id": precondition.live_id,
            "status": precondition.status,
            "note": precondition.note,
            "finished_steps": precondition.finished_steps,
        }
        if precondition
        else None,
    }


def _write_warning(warning: Problem) -> Body:
    return {
        "severity": warning.severity.value,
        "file": warning.file,
        "line": warning.line,
        "column": warning.column,
        "path": warning.path,
        "message": warning.message,
    }


def _write_closing(closing: Closing) -> Body:
    return {
        "moment": closing.moment.value,
        "parts": [write_fire(part) for part in closing.parts],
        "side": closing.side.value,
        "share": plain(closing.share_pct),
        "units": plain(closing.units),
        "price": _write_number(closing.price),
        "result": _write_number(closing.result),
    }


def _write_liquidation(liquidation: Liquidation) -> Body:
    return {
        "basis": liquidation.basis.value,
        "price": _write_number(liquidation.price),
        "stop": _write_number(liquidation.stop),
        "is_before_stop": liquidation.is_before_stop,
    }


def _write_previous(previous: PreviousGeneration) -> Body:
    return {
        "generation": previous.generation,
        "live_id": previous.live_id,
        "status": previous.status,
        "held_units": plain(previous.held_units),
        "profit": _write_number(previous.profit),
    }


def _write_number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _write_change(change: FieldChange) -> Body:
    return {"path": change.path, "live": change.live, "wanted": change.wanted}
