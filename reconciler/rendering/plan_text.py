"""The plan as text, in the manner of Terraform: one block a trade, what is dangerous first and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from reconciler.codec.averaging import write_order_text
from reconciler.codec.note import find_former_name
from reconciler.codec.numbers import plain
from reconciler.model.consequences import Moment, PreviousGeneration
from reconciler.model.fires import (
    ENTRY_FIRES,
    Fire,
    FireKind,
)
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.problems import Problem
from reconciler.rendering.guardrail_text import describe_finding, describe_raised
from reconciler.rendering.plan_words import CAUSES, CLOSING_UPDATE, FIRES, VERBS, WAITS
from reconciler.rendering.reasons import describe, describe_all
from reconciler.rendering.style import Style, printable
from reconciler.rendering.terms_text import describe_step, terms_lines
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.words import count_of

# A terminal of the usual width.
_WIDTH = 80
_PUNCTUATION = re.compile("(?<=[;:,]) ")
NO_CHANGES = "No changes."
NO_CHANGES_TO_APPLY = "No changes to apply."

_SYMBOLS = {Action.CREATE: "+", Action.REPLACE: "-/+", Action.CANCEL: "-", Action.CLOSE: "-"}
_COLORS = {"+": "green", "-": "red", "-/+": "red", "~": "yellow"}
_EFFECT_COLORS = {Effect.UNPROTECTS: ("red", "bold"), Effect.EXECUTES: ("red",), Effect.PROTECTS: ("green",)}


def render_plan(plan: Plan, style: Style | None = None, acknowledged: Mapping[str, int] | None = None) -> str:
    """Write the plan as text with a line feed at its end.

    Args:
        plan: What to show.
        style: Colours; plain when left out.
        acknowledged: Counts that were acknowledged already, by name of the guardrail.
    """
    lines = list(_plan_lines(plan, style or Style(), acknowledged or {}))
    return "\n".join(lines) + "\n"


def summarize(plan: Plan) -> str:
    """Write the summary line, in the form that tools of the field parse."""
    added, changed, destroyed = plan.count_changes()
    return f"Plan: {added} to add, {changed} to change, {destroyed} to destroy."


def describe_operation(operation: Operation) -> str:
    """Write one line for progress: `btc-dip: create`."""
    return f"{printable(operation.trade)}: {operation.action.value.replace('_', ' ')}"


def _plan_lines(plan: Plan, style: Style, acknowledged: Mapping[str, int]) -> Iterator[str]:
    context = plan.context
    head = f"Workspace {context.workspace}, target {context.target} ({context.mode})"
    yield style.paint(printable(head), "bold")
    yield ""
    yield from _review_lines(plan, style)
    yield from _notice_lines(plan.notices, style)
    yield from _warning_lines(plan.warnings, style)
    if plan.notices or plan.warnings:
        yield ""
    for trade, operations in groupby(plan.operations, key=lambda operation: operation.trade):
        yield from _trade_lines(trade, list(operations), style)
        yield ""
    for blocked in plan.blocked:
        yield from _blocked_lines(blocked, style)
        yield ""
    yield from _closing_lines(plan, style, acknowledged)


# Trades that have ended as they should are history: more of them than this are only counted.
_LONGEST_ENDED_LIST = 5
_NOTICE_WORDS = {
    NoticeKind.LOSS: "LOSS",
    NoticeKind.NOT_OPENED: "not opened",
    NoticeKind.ENDED: "ended",
    NoticeKind.BUSY: "busy",
    NoticeKind.IGNORED: "ignored",
    NoticeKind.WARNING: "warning",
    NoticeKind.LATER: "later",
}


def _notice_lines(notices: Sequence[Notice], style: Style) -> Iterator[str]:
    ended = [notice for notice in notices if notice.kind is NoticeKind.ENDED]
    is_long = len(ended) > _LONGEST_ENDED_LIST
    for notice in notices:
        if is_long and notice.kind is NoticeKind.ENDED:
            continue
        color = ("red", "bold") if notice.kind is NoticeKind.LOSS or notice.needs_attention else ("dim",)
        words = " ".join([_NOTICE_WORDS[notice.kind], *_subject(notice.trade, notice.live_id)])
        yield style.paint(f"  {words}: ", *color) + printable(describe(notice.reason))
    if is_long:
        endings = Counter(describe(notice.reason) for notice in ended).most_common()
        counts = ", ".join(f"{count} {printable(text)}" for text, count in endings)
        yield style.paint("  ended: ", "dim") + f"{count_of(len(ended), 'trade')} ({counts})"


def _review_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write the rules that differ from the base of the review, before all else."""
    if not plan.config_changes:
        return
    base = printable(plan.config_base or "the base")
    yield style.paint(f"Rules changed against {base}:", "red", "bold")
    width = max(len(printable(change.path)) for change in plan.config_changes)
    for change in plan.config_changes:
        before = "(none)" if change.before is None else printable(change.before)
        after = "(none)" if change.after is None else printable(change.after)
        yield f"  {printable(change.path).ljust(width)}  {before} -> {after}"
    yield ""


def _warning_lines(warnings: Sequence[Problem], style: Style) -> Iterator[str]:
    for warning in sorted(warnings):
        place = f"{printable(warning.file)}:{warning.line}:{warning.column}"
        about = f"{printable(warning.path)}: " if warning.path else ""
        first, *others = _fold(f"warning {place}: {about}{printable(warning.message)}", indent=2)
        yield f"  {style.paint('warning', 'yellow')}{first.removeprefix('warning')}"
        yield from (f"    {line}" for line in others)


def _trade_lines(trade: str, operations: Sequence[Operation], style: Style) -> Iterator[str]:
    first = operations[0]
    live_id = first.precondition.live_id if first.precondition else None
    # Beside real work the marker is bookkeeping, and bookkeeping hides what matters.
    shown = [operation for operation in operations if operation.cause is not Cause.MARKER] or operations
    for operation in shown:
        symbol = _SYMBOLS.get(operation.action, "-" if operation.destroys else "~")
        subject = " ".join(_subject(trade, live_id))
        is_closing = operation.destroys and operation.action is Action.UPDATE
        verb = CLOSING_UPDATE if is_closing else VERBS[operation.action]
        head = f"{symbol:>3} {subject}  {printable(operation.pair)}  {verb}"
        yield style.paint(head, _COLORS[symbol], "bold")
        yield from _money_lines(operation, style)
        if operation.previous is not None:
            yield style.paint(f"      {_describe_previous(operation, operation.previous)}", "yellow")
        elif operation.action is Action.CREATE and operation.generation > 1:
            yield f"      generation {operation.generation}; no earlier one was found"
        if operation.cause in CAUSES:
            yield f"      because {CAUSES[operation.cause]}"
        former_name = find_former_name(operation)
        if former_name is not None:
            yield f"      renamed: {printable(former_name)} -> {printable(trade)}"
        yield from _detail_lines(operation)
        yield from (style.paint(line, "red") for line in _fire_lines(operation))


def _money_lines(operation: Operation, style: Style) -> Iterator[str]:
    """Write effects and amounts."""
    names = ", ".join(effect.value for effect in operation.effects)
    painted = ", ".join(
        style.paint(effect.value, *_EFFECT_COLORS.get(effect, ("cyan",))) for effect in operation.effects
    )
    first, *others = _fold(f"{names}: {printable(describe_all(operation.money))}", indent=6)
    yield f"      {painted}{first.removeprefix(names)}"
    yield from (f"        {line}" for line in others)


def _fold(text: str, *, indent: int) -> list[str]:
    """Break a sentence into lines that fit the screen, only after punctuation."""
    lines: list[str] = []
    for part in _PUNCTUATION.split(text):
        room = _WIDTH - indent - (2 if len(lines) > 1 else 0)
        if lines and len(lines[-1]) + 1 + len(part) <= room:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _describe_previous(operation: Operation, previous: PreviousGeneration) -> str:
    """Describe the end of the previous generation of a trade."""
    pair = operation.after.pair if operation.after else ""
    quote, _, base = pair.partition("_")
    held = f", keeps {plain(previous.held_units)} {printable(base)} without stop" if previous.held_units else ""
    profit = f", profit {plain(previous.profit)} {printable(quote)}" if previous.profit is not None else ""
    ending = f"{printable(previous.status)}{held}{profit} (#{previous.live_id})"
    return f"generation {operation.generation}; generation {previous.generation} ended as: {ending}"


def _detail_lines(operation: Operation) -> Iterator[str]:
    if operation.action is Action.CREATE and operation.after is not None:
        yield from terms_lines(operation.after)
    if operation.action is Action.CANCEL_STEP and operation.step is not None:
        yield f"      - take_profit: {describe_step(operation.step)}"
    if operation.averaging is not None:
        sign = "+" if operation.action is Action.ADD_FUNDS else "-"
        yield f"      {sign} averaging: {write_order_text(operation.averaging)}"
    width = max((len(_shorten(change.path)) for change in operation.changes), default=0)
    for change in operation.changes:
        yield f"      {_change(change, width)}"


def _fire_lines(operation: Operation) -> Iterator[str]:
    for fire in operation.fires:
        if fire in WAITS:
            yield f"      at the present price it {WAITS[fire]}"
        elif fire != ENTRY_FIRES or operation.effect is not Effect.EXECUTES:
            yield f"      ! at the present price {_describe_fire(fire, operation)} at once"
    if operation.closing is not None and operation.closing.moment is Moment.AFTER_ENTRY:
        for part in operation.closing.parts:
            yield f"      ! as soon as the entry fills {_describe_fire(part, operation)} at once"


def _describe_fire(fire: Fire, operation: Operation) -> str:
    """Describe the effect of a part of a trade that fires; a trailing step only begins to follow the price."""
    steps = operation.after.steps if operation.after else ()
    trailing = {Fire(FireKind.STEP, place) for place, step in enumerate(steps) if step.trailing_pct is not None}
    verb = "starts to trail" if fire in trailing else "executes"
    return FIRES.get(fire, f"{_shorten(str(fire))} {verb}")


def _blocked_lines(blocked: Blocked, style: Style) -> Iterator[str]:
    yield style.paint(
        f"  ! {' '.join(_subject(blocked.trade, blocked.live_id))}  blocked: ", "yellow", "bold"
    ) + printable(describe(blocked.reason))
    width = max((len(_shorten(change.path)) for change in blocked.changes), default=0)
    for change in blocked.changes:
        yield f"      {_change(change, width)}"
    yield f"      {printable(describe(blocked.hint))}"


def _closing_lines(plan: Plan, style: Style, acknowledged: Mapping[str, int]) -> Iterator[str]:
    for finding in plan.findings:
        is_acknowledged = acknowledged.get(finding.name) == finding.count
        text = printable(describe_finding(finding, is_acknowledged=is_acknowledged))
        yield style.paint("Guardrail ", "yellow" if is_acknowledged else "red", "bold") + text
    for raised in plan.raised_limits:
        yield style.paint("Guardrail ", "yellow") + printable(describe_raised(raised))
    if plan.is_empty:
        yield _describe_nothing(plan)
    else:
        yield style.paint(summarize(plan), "bold")
    if plan.blocked:
        yield f"Blocked: {count_of(len(plan.blocked), 'trade')}, left unchanged."
    if plan.attention and not plan.is_empty:
        yield _describe_attention(plan.attention)
    yield from filter(None, [describe_unmanaged(plan.unmanaged), describe_outside(plan.outside)])
    needed = f", apply needs about {plan.requests_needed} ({_duration(plan.seconds_needed)})" if plan.operations else ""
    yield f"Requests: {plan.requests_used} used{needed}."


def _describe_nothing(plan: Plan) -> str:
    """Say that nothing is applied; say that nothing changes only if no file asks for a change."""
    not_opened = sum(notice.kind is NoticeKind.NOT_OPENED for notice in plan.notices)
    if plan.attention:
        return f"{NO_CHANGES_TO_APPLY} {_describe_attention(plan.attention)}"
    if not_opened:
        return f"{NO_CHANGES_TO_APPLY} {count_of(not_opened, 'trade')} not opened."
    return f"{NO_CHANGES} {count_of(plan.unchanged, 'trade')} {'is' if plan.unchanged == 1 else 'are'} up to date."


def _describe_attention(count: int) -> str:
    return f"{count_of(count, 'trade')} need{'s' if count == 1 else ''} attention."


def _change(change: FieldChange, width: int) -> str:
    path = f"{_shorten(change.path)}:".ljust(width + 1)
    live = "(none)" if change.live is None else printable(change.live)
    wanted = "(none)" if change.wanted is None else printable(change.wanted)
    return f"{path}  {live} -> {wanted}"


def _shorten(path: str) -> str:
    """Write a path in the short form of plan files."""
    return printable(path).replace("take_profit.steps", "take_profit").removesuffix(".value")


def _subject(trade: str, live_id: int | None) -> list[str]:
    return [part for part in (printable(trade), f"#{live_id}" if live_id else "") if part]


def _duration(seconds: float) -> str:
    return "under a minute" if seconds < 60 else f"about {round(seconds / 60)} min"
