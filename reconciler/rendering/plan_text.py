"""The plan as text, in the manner of Terraform: one block a trade, what is dangerous first and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
from reconciler.model.risk import OperationRisk
from reconciler.rendering.folding import fold_text
from reconciler.rendering.guardrail_table import guardrail_lines
from reconciler.rendering.plan_head import allowing_line, head_lines
from reconciler.rendering.plan_index import COLORS, EFFECT_COLORS, find_symbol, index_lines
from reconciler.rendering.plan_words import CAUSES, CLOSING_UPDATE, FIRES, VERBS, WAITS
from reconciler.rendering.reasons import describe, describe_all
from reconciler.rendering.risk_text import describe_risk_change, describe_unknown, risk_lines
from reconciler.rendering.style import Style, printable
from reconciler.rendering.terms_text import describe_step, terms_lines
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.words import count_of
from reconciler.risk.danger import TradeOperations, group_by_danger, sort_blocked

NO_CHANGES = "No changes."
NO_CHANGES_TO_APPLY = "No changes to apply."


def render_plan(plan: Plan, style: Style | None = None) -> str:
    """Write the plan as text with a line feed at its end.

    Args:
        plan: What to show.
        style: Colours; plain when left out.
    """
    lines = list(_plan_lines(plan, style or Style()))
    return "\n".join(lines) + "\n"


def summarize(plan: Plan) -> str:
    """Write the summary line, in the form that tools of the field parse."""
    added, changed, destroyed = plan.count_changes()
    return f"Plan: {added} to add, {changed} to change, {destroyed} to destroy."


def describe_operation(operation: Operation) -> str:
    """Write one line for progress: `btc-dip: create`."""
    return f"{printable(operation.trade)}: {operation.action.value.replace('_', ' ')}"


def _plan_lines(plan: Plan, style: Style) -> Iterator[str]:
    yield from head_lines(plan, style)
    risks = risk_lines(plan.risk, style) if plan.operations else ()
    parts = (index_lines(plan, style), risks, guardrail_lines(plan, style))
    notices = (*_notice_lines(plan.notices, style), *_warning_lines(plan.warnings, style))
    for part in (*parts, notices):
        lines = list(part)
        if lines:
            yield from lines
            yield ""
    for group in group_by_danger(plan):
        yield from _trade_lines(group, style)
        yield ""
    for blocked in sort_blocked(plan.blocked):
        yield from _blocked_lines(blocked, style)
        yield ""
    yield from _closing_lines(plan, style)


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


# The most urgent first.
_NOTICE_ORDER = (
    NoticeKind.LOSS,
    NoticeKind.BUSY,
    NoticeKind.WARNING,
    NoticeKind.NOT_OPENED,
    NoticeKind.IGNORED,
    NoticeKind.LATER,
    NoticeKind.ENDED,
)


def _rank_notice(notice: Notice) -> tuple[bool, bool, int, str]:
    is_lost = notice.kind is NoticeKind.LOSS
    return not is_lost, not notice.needs_attention, _NOTICE_ORDER.index(notice.kind), notice.trade


def _notice_lines(notices: Sequence[Notice], style: Style) -> Iterator[str]:
    ended = [notice for notice in notices if notice.kind is NoticeKind.ENDED]
    is_long = len(ended) > _LONGEST_ENDED_LIST
    for notice in sorted(notices, key=_rank_notice):
        if is_long and notice.kind is NoticeKind.ENDED:
            continue
        color = ("red", "bold") if notice.kind is NoticeKind.LOSS or notice.needs_attention else ("dim",)
        words = " ".join([_NOTICE_WORDS[notice.kind], *_subject(notice.trade, notice.live_id)])
        yield style.paint(f"  {words}: ", *color) + printable(describe(notice.reason))
    if is_long:
        endings = Counter(describe(notice.reason) for notice in ended).most_common()
        counts = ", ".join(f"{count} {printable(text)}" for text, count in endings)
        yield style.paint("  ended: ", "dim") + f"{count_of(len(ended), 'trade')} ({counts})"


def _warning_lines(warnings: Sequence[Problem], style: Style) -> Iterator[str]:
    for warning in sorted(warnings):
        place = f"{printable(warning.file)}:{warning.line}:{warning.column}"
        about = f"{printable(warning.path)}: " if warning.path else ""
        first, *others = fold_text(f"warning {place}: {about}{printable(warning.message)}", indent=2)
        yield f"  {style.paint('warning', 'yellow')}{first.removeprefix('warning')}"
        yield from (f"    {line}" for line in others)


def _trade_lines(group: TradeOperations, style: Style) -> Iterator[str]:
    operations = list(zip(group.operations, group.risks, strict=True))
    # Beside real work the marker is bookkeeping, and bookkeeping hides what matters.
    shown = [each for each in operations if each[0].cause is not Cause.MARKER] or operations
    said: OperationRisk | None = None
    for operation, risk in shown:
        yield from _operation_lines(operation, style)
        if said is None or risk.before != risk.after:
            yield from _risk_lines(risk, style)
        said = risk
        yield from _detail_lines(operation)
        yield from (style.paint(line, "red") for line in _fire_lines(operation))


def _operation_lines(operation: Operation, style: Style) -> Iterator[str]:
    trade, symbol = operation.trade, find_symbol(operation)
    subject = " ".join(_subject(trade, operation.live_id))
    is_closing = operation.destroys and operation.action is Action.UPDATE
    verb = CLOSING_UPDATE if is_closing else VERBS[operation.action]
    head = f"{symbol:>3} {subject}  {printable(operation.pair)}  {verb}"
    yield style.paint(head, *COLORS[symbol], "bold")
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


def _risk_lines(risk: OperationRisk, style: Style) -> Iterator[str]:
    """Write what an operation does to the money at risk, and what of it is not known."""
    text = describe_risk_change(risk)
    if text:
        first, *others = fold_text(text, indent=6)
        is_bare = risk.after is not None and not risk.after.has_stop
        yield style.paint(f"      {first}", *(("red",) if is_bare else ()))
        yield from (f"        {line}" for line in others)
    for text in describe_unknown(risk):
        first, *others = fold_text(printable(text), indent=6)
        yield from (style.paint(line, "yellow") for line in (f"      {first}", *(f"        {each}" for each in others)))


def _money_lines(operation: Operation, style: Style) -> Iterator[str]:
    """Write effects and amounts."""
    names = ", ".join(effect.value for effect in operation.effects)
    painted = ", ".join(
        style.paint(effect.value, *EFFECT_COLORS.get(effect, ("cyan",))) for effect in operation.effects
    )
    first, *others = fold_text(f"{names}: {printable(describe_all(operation.money))}", indent=6)
    yield f"      {painted}{first.removeprefix(names)}"
    yield from (f"        {line}" for line in others)


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


def _closing_lines(plan: Plan, style: Style) -> Iterator[str]:
    allowing = allowing_line(plan)
    if allowing:
        yield style.paint(allowing, "red", "bold")
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
