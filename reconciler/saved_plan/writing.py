"""Write a plan as a JSON document.

`schemas/saved-plan.schema.json` describes it. It holds data: reasons are codes with values, money is a number with its
currency. Instants are kept to the millisecond, durations to the second; all else is exact.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler import __version__
from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import Body, write_body, write_step
from reconciler.codec.fires import write_fire
from reconciler.codec.instants import write_instant
from reconciler.codec.numbers import plain
from reconciler.codec.reasons import write_reason
from reconciler.model.consequences import Closing, Liquidation, PreviousGeneration
from reconciler.model.live import Prices
from reconciler.model.markets import UNTOLD, Market
from reconciler.model.operations import Action, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, Plan, PlanContext
from reconciler.model.problems import Problem
from reconciler.model.reasons import Reason
from reconciler.rendering.reasons import describe
from reconciler.saved_plan.guardrails import write_guardrails

KIND = "reconciler-plan"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "2.0"

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
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "reconciler_version": __version__,
        **_write_context(plan.context),
        "is_whole": plan.is_whole,
        "trade_names": list(plan.names),
        "released": list(plan.released),
        "is_applicable": plan.is_applicable,
        "summary": {
            "add": added,
            "change": changed,
            "destroy": destroyed,
            "blocked": len(plan.blocked),
            "unchanged": plan.unchanged,
            "attention": plan.attention,
        },
        "not_managed": list(plan.unmanaged),
        "outside": list(plan.outside),
        "requests": {
            "used": plan.requests_used,
            "needed": plan.requests_needed,
            "seconds_needed": round(plan.seconds_needed),
        },
        "prices": {pair: _write_prices(prices) for pair, prices in plan.prices.items()},
        "operations": [_write_operation(operation) for operation in plan.operations],
        "blocked": [_write_blocked(blocked) for blocked in plan.blocked],
        "notices": [_write_notice(notice) for notice in plan.notices],
        "guardrails": write_guardrails(plan.guardrails),
        "warnings": [_write_warning(warning) for warning in plan.warnings],
        "config_base": plan.config_base,
        "config_changes": [
            {"path": change.path, "before": change.before, "after": change.after} for change in plan.config_changes
        ],
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


def _write_prices(prices: Prices) -> Body:
    return {"bid": plain(prices.bid), "ask": plain(prices.ask), "last": plain(prices.last)}


def _write_blocked(blocked: Blocked) -> Body:
    return {
        "trade": blocked.trade,
        "live_id": blocked.live_id,
        "reason": _write_reason(blocked.reason),
        "hint": _write_reason(blocked.hint),
        "changes": [_write_change(change) for change in blocked.changes],
    }


def _write_notice(notice: Notice) -> Body:
    return {
        "kind": notice.kind.value,
        "trade": notice.trade,
        "live_id": notice.live_id,
        "reason": _write_reason(notice.reason),
        "needs_attention": notice.needs_attention,
    }


def _find_market(operation: Operation) -> Market:
    if operation.after is not None:
        return operation.after.market
    return operation.precondition.terms.market if operation.precondition else UNTOLD


def _write_market(market: Market) -> Body:
    size = market.unit_size
    return {"kind": market.kind.value, "unit_size": None if size is None else plain(size)}


def _write_operation(operation: Operation) -> Body:
    precondition = operation.precondition
    return {
        "action": operation.action.value,
        "actions": _TERRAFORM_ACTIONS.get(operation.action, ["update"]),
        "trade": operation.trade,
        "generation": operation.generation,
        "cause": operation.cause.value,
        "effect": operation.effect.value,
        "side_effects": [effect.value for effect in operation.side_effects],
        "closing": _write_closing(operation.closing) if operation.closing else None,
        "liquidation": _write_liquidation(operation.liquidation) if operation.liquidation else None,
        "previous": _write_previous(operation.previous) if operation.previous else None,
        "reviewed_prices": _write_prices(operation.reviewed_prices) if operation.reviewed_prices else None,
        "money": [_write_reason(found) for found in operation.money],
        "before": write_body(precondition.terms) if precondition else None,
        "after": write_body(operation.after) if operation.after else None,
        "market": _write_market(_find_market(operation)),
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


def _write_reason(found: Reason) -> Body:
    """Write a reason with its sentence, which is there for readers of the file and is never read back."""
    return {**write_reason(found), "text": describe(found)}
