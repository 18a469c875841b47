"""Stage 7c, SAVE: the plan as one JSON document, written and read back.

The same document is what `plan --out` saves and what `plan --format json` prints. A digest over its content shows
whether it is still what was reviewed; it is no signature, so whoever may change the file may also renew the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from reconciler import __version__
from reconciler.errors import SavedPlanError, StalePlanError
from reconciler.model.body import Body, read_step, read_terms, write_body, write_step
from reconciler.model.live import Prices
from reconciler.model.numbers import plain, to_decimal
from reconciler.model.plan import (
    Action,
    Blocked,
    Cause,
    Effect,
    FieldChange,
    GuardrailFinding,
    Notice,
    NoticeKind,
    Operation,
    Plan,
    PlanContext,
    Precondition,
)

KIND = "reconciler-plan"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "1.0"

# Scanned by pipelines of this field: a replace is one deletion and one creation.
_TERRAFORM_ACTIONS = {
    Action.CREATE: ["create"],
    Action.REPLACE: ["delete", "create"],
    Action.CANCEL: ["delete"],
    Action.CLOSE: ["delete"],
    Action.RELEASE: ["forget"],
}


def write_plan(plan: Plan) -> str:
    """The document of a plan, with a line feed at its end."""
    document = _write_document(plan)
    document["digest"] = _digest(document)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def is_saved_plan(text: str) -> bool:
    """Whether a text is a saved plan, be it whole or damaged, and not a plan file."""
    return text.lstrip().startswith("{") and f'"{KIND}"' in text


def read_plan(text: str) -> Plan:
    """The plan that a document holds.

    Args:
        text: What `write_plan` wrote; its layout may have changed since.

    Raises:
        SavedPlanError: It is damaged, was changed since it was made, or is of another format.
    """
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise SavedPlanError("The saved plan is no JSON: it is damaged. Make a new one with `plan --out`.") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise SavedPlanError("This is no saved plan. Make one with `plan --out FILE`.")
    version = str(document.get("format_version"))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise SavedPlanError(
            f"The saved plan has format {version}, this reconciler reads {FORMAT_VERSION}. Make a new one."
        )
    if document.get("digest") != _digest(document):
        raise SavedPlanError("The saved plan was changed after it was made. Make a new one and review it again.")
    try:
        return _read_document(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SavedPlanError(f"The saved plan is damaged ({error}). Make a new one with `plan --out`.") from None


def save_plan(plan: Plan, path: Path) -> None:
    """Write a plan to a file, whole or not at all.

    Raises:
        SavedPlanError: The file cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(write_plan(plan), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise SavedPlanError(f"{path} cannot be written: {error.strerror}") from error


def load_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        SavedPlanError: The file cannot be read, or holds no plan that can be used.
    """
    try:
        return read_plan(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SavedPlanError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SavedPlanError(f"{path} is no saved plan: it is no UTF-8 text") from None


def check_context(plan: Plan, context: PlanContext) -> None:
    """Refuse a plan that was made for something else or whose time is over.

    Args:
        plan: The saved plan.
        context: What apply works on now; its `made_at` is the present.

    Raises:
        SavedPlanError: Another workspace, target, mode, address or set of accounts.
        StalePlanError: It has expired.
    """
    made = plan.context
    for what, was, present in (
        ("workspace", made.workspace, context.workspace),
        ("target", f"{made.target} ({made.target_kind})", f"{context.target} ({context.target_kind})"),
        ("mode", made.mode, context.mode),
        ("address", made.base_url, context.base_url),
        ("accounts", dict(made.accounts), dict(context.accounts)),
    ):
        if was != present:
            raise SavedPlanError(f"The saved plan was made for {what} {was}, here it is {present}.")
    if context.made_at >= made.expires_at:
        raise StalePlanError(f"The saved plan expired at {_instant(made.expires_at)}. Make a new one and review it.")


def _digest(document: Mapping[str, object]) -> str:
    content = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _write_document(plan: Plan) -> Body:
    context = plan.context
    added, changed, destroyed = plan.count_changes()
    return {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "reconciler_version": __version__,
        "workspace": context.workspace,
        "target": {
            "name": context.target,
            "kind": context.target_kind,
            "base_url": context.base_url,
            "mode": context.mode,
            "accounts": dict(context.accounts),
        },
        "git_commit": context.git_commit,
        "made_at": _instant(context.made_at),
        "expires_at": _instant(context.expires_at),
        "is_whole": plan.is_whole,
        "is_applicable": plan.is_applicable,
        "summary": {
            "add": added,
            "change": changed,
            "destroy": destroyed,
            "blocked": len(plan.blocked),
            "unchanged": plan.unchanged,
        },
        "requests": {
            "used": plan.requests_used,
            "needed": plan.requests_needed,
            "seconds_needed": round(plan.seconds_needed),
        },
        "prices": {
            pair: {"bid": plain(prices.bid), "ask": plain(prices.ask), "last": plain(prices.last)}
            for pair, prices in plan.prices.items()
        },
        "operations": [_write_operation(operation) for operation in plan.operations],
        "blocked": [
            {
                "trade": blocked.trade,
                "live_id": blocked.live_id,
                "reason": blocked.reason,
                "hint": blocked.hint,
                "changes": [_write_change(change) for change in blocked.changes],
            }
            for blocked in plan.blocked
        ],
        "notices": [
            {"kind": notice.kind.value, "trade": notice.trade, "live_id": notice.live_id, "text": notice.text}
            for notice in plan.notices
        ],
        "guardrails": [
            {"name": finding.name, "count": finding.count, "limit": finding.limit, "trades": list(finding.trades)}
            for finding in plan.findings
        ],
    }


def _write_operation(operation: Operation) -> Body:
    precondition = operation.precondition
    return {
        "action": operation.action.value,
        "actions": _TERRAFORM_ACTIONS.get(operation.action, ["update"]),
        "trade": operation.trade,
        "generation": operation.generation,
        "cause": operation.cause.value,
        "effect": operation.effect.value,
        "money": operation.money,
        "before": write_body(precondition.terms) if precondition else None,
        "after": write_body(operation.after) if operation.after else None,
        "changes": [_write_change(change) for change in operation.changes],
        "note_after": operation.note_after,
        "step": write_step(operation.step) if operation.step else None,
        "copies_left": operation.copies_left,
        "fires": list(operation.fires),
        "precondition": {
            "live_id": precondition.live_id,
            "status": precondition.status,
            "note": precondition.note,
            "finished_steps": precondition.finished_steps,
        }
        if precondition
        else None,
    }


def _write_change(change: FieldChange) -> Body:
    return {"path": change.path, "before": change.before, "after": change.after}


def _read_document(document: Mapping[str, object]) -> Plan:
    target, requests = _object(document["target"]), _object(document["requests"])
    summary = _object(document["summary"])
    return Plan(
        context=PlanContext(
            workspace=str(document["workspace"]),
            target=str(target["name"]),
            target_kind=str(target["kind"]),
            base_url=str(target["base_url"]),
            mode=str(target["mode"]),
            accounts={alias: _int(number) for alias, number in _object(target["accounts"]).items()},
            git_commit=_optional_text(document["git_commit"]),
            made_at=_read_instant(document["made_at"]),
            expires_at=_read_instant(document["expires_at"]),
        ),
        operations=tuple(_read_operation(_object(each)) for each in _list(document["operations"])),
        blocked=tuple(_read_blocked(_object(each)) for each in _list(document["blocked"])),
        notices=tuple(_read_notice(_object(each)) for each in _list(document["notices"])),
        findings=tuple(_read_finding(_object(each)) for each in _list(document["guardrails"])),
        prices={pair: _read_prices(_object(prices)) for pair, prices in _object(document["prices"]).items()},
        unchanged=_int(summary["unchanged"]),
        requests_used=_int(requests["used"]),
        requests_needed=_int(requests["needed"]),
        seconds_needed=float(_int(requests["seconds_needed"])),
        is_whole=document["is_whole"] is True,
    )


def _read_operation(operation: Mapping[str, object]) -> Operation:
    precondition = operation["precondition"]
    return Operation(
        action=Action(str(operation["action"])),
        trade=str(operation["trade"]),
        generation=_int(operation["generation"]),
        cause=Cause(str(operation["cause"])),
        effect=Effect(str(operation["effect"])),
        money=str(operation["money"]),
        after=read_terms(_object(operation["after"])) if operation["after"] is not None else None,
        changes=_read_changes(operation["changes"]),
        note_after=_optional_text(operation["note_after"]),
        step=read_step(_object(operation["step"])) if operation["step"] is not None else None,
        copies_left=_int(operation["copies_left"]),
        fires=tuple(str(fire) for fire in _list(operation["fires"])),
        precondition=_read_precondition(_object(precondition), _object(operation["before"]))
        if precondition is not None
        else None,
    )


def _read_precondition(precondition: Mapping[str, object], before: Mapping[str, object]) -> Precondition:
    return Precondition(
        live_id=_int(precondition["live_id"]),
        status=str(precondition["status"]),
        note=str(precondition["note"]),
        terms=read_terms(before),
        finished_steps=_int(precondition["finished_steps"]),
    )


def _read_blocked(blocked: Mapping[str, object]) -> Blocked:
    return Blocked(
        trade=str(blocked["trade"]),
        live_id=_optional_int(blocked["live_id"]),
        reason=str(blocked["reason"]),
        hint=str(blocked["hint"]),
        changes=_read_changes(blocked["changes"]),
    )


def _read_notice(notice: Mapping[str, object]) -> Notice:
    return Notice(
        kind=NoticeKind(str(notice["kind"])),
        trade=str(notice["trade"]),
        live_id=_optional_int(notice["live_id"]),
        text=str(notice["text"]),
    )


def _read_finding(finding: Mapping[str, object]) -> GuardrailFinding:
    return GuardrailFinding(
        name=str(finding["name"]),
        count=_int(finding["count"]),
        limit=_int(finding["limit"]),
        trades=tuple(str(trade) for trade in _list(finding["trades"])),
    )


def _read_changes(changes: object) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            path=str(change["path"]),
            before=_optional_text(change["before"]),
            after=_optional_text(change["after"]),
        )
        for change in map(_object, _list(changes))
    )


def _read_prices(prices: Mapping[str, object]) -> Prices:
    return Prices(bid=to_decimal(prices["bid"]), ask=to_decimal(prices["ask"]), last=to_decimal(prices["last"]))


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_instant(text: object) -> datetime:
    instant = datetime.fromisoformat(str(text))
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return instant


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r:.40} is no object")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is no list")
    return value


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r:.40} is no whole number")
    return value


def _optional_int(value: object) -> int | None:
    return None if value is None else _int(value)


def _optional_text(value: object) -> str | None:
    return None if value is None else str(value)
