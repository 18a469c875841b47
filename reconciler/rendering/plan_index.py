"""The index of a plan: a line for each trade, the most dangerous first."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.numbers import plain
from reconciler.model.danger import Danger
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import Side, Terms
from reconciler.rendering.plan_words import EDITED, VERBS
from reconciler.rendering.reasons import describe
from reconciler.rendering.risk_text import money
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.text_width import cut_middle
from reconciler.rendering.words import count_of, name_few
from reconciler.risk.danger import TradeOperations, find_loss_growth, group_by_danger, rank_danger, sort_blocked

WIDTH = 80
_SYMBOLS = {Action.CREATE: "+", Action.REPLACE: "-/+", Action.CANCEL: "-", Action.CLOSE: "-"}
COLORS = {"+": ("green",), "-": ("red",), "-/+": ("red",), "~": ("yellow",)}
EFFECT_COLORS = {Effect.UNPROTECTS: ("red", "bold"), Effect.EXECUTES: ("red",), Effect.PROTECTS: ("green",)}
_BAD = ("red", "bold")
_COLUMNS = (
    Column("   ", is_number=True),
    Column("TRADE"),
    Column("EFFECT"),
    Column("LOSS AT STOP", is_number=True),
    Column("WHAT", is_elastic=True),
)
# Longer names are cut in their middle; the change itself has them whole.
_LONGEST_NAME = 24
# More dangerous trades are counted.
_MOST_NAMED = 5


def index_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Write the index of a plan; nothing if there is at most one line, which the change itself says better."""
    groups = group_by_danger(plan)
    changed = {group.trade for group in groups}
    lost = [each for each in plan.notices if each.kind is NoticeKind.LOSS and each.trade not in changed]
    ahead = [group for group in groups if group.danger <= Danger.CLOSES]
    rows = [
        *map(_operation_row, ahead),
        *map(_loss_row, lost),
        *map(_operation_row, groups[len(ahead) :]),
        *map(_blocked_row, sort_blocked(plan.blocked)),
    ]
    if len(rows) < 2:
        return
    yield from render_table(_COLUMNS, rows, WIDTH, style)
    if plan.unchanged:
        yield style.paint(f"     {count_of(plan.unchanged, 'trade')} unchanged", "dim")


def describe_dangerous(plan: Plan) -> str:
    """Name the trades of a plan that rank high, the most dangerous first, to be read right before the approval."""
    found = [
        f"{printable(group.trade)} ({_pick_worst(group).effect.value})"
        for group in group_by_danger(plan)
        if group.danger.is_high
    ]
    return f"Dangerous: {name_few(found, _MOST_NAMED)}." if found else ""


def find_symbol(operation: Operation) -> str:
    """Return the sign of what an operation does to a live trade."""
    return _SYMBOLS.get(operation.action, "-" if operation.destroys else "~")


def _operation_row(group: TradeOperations) -> list[Cell]:
    operation = _pick_worst(group)
    symbol = find_symbol(operation)
    # The marker beside real work is bookkeeping.
    count = sum(each.cause is not Cause.MARKER for each in group.operations)
    more = f"{count} changes: " if count > 1 else ""
    edited = f"{EDITED}: " if operation.cause in (Cause.DRIFT, Cause.FILE_AND_DRIFT) else ""
    return [
        Cell(symbol, COLORS[symbol]),
        _name_cell(group.trade, None),
        Cell(operation.effect.value, EFFECT_COLORS.get(operation.effect, ("cyan",))),
        _loss_cell(group.risk),
        Cell(f"{more}{edited}{printable(_describe(operation))}"),
    ]


def _pick_worst(group: TradeOperations) -> Operation:
    return min(group.operations, key=rank_danger)


def _name_cell(trade: str, live_id: int | None) -> Cell:
    return Cell(cut_middle(printable(trade), _LONGEST_NAME) or f"#{live_id}", ("bold",))


def _loss_cell(risk: OperationRisk) -> Cell:
    """Say by how much the loss at stop grows."""
    if risk.before is None and risk.after is None:
        return Cell("")
    if risk.after is not None and not risk.after.has_stop:
        return Cell("no stop", _BAD)
    growth = find_loss_growth(risk)
    if growth is None:
        return Cell("not known", _BAD)
    side = risk.after or risk.before
    currency = side.currency if side else ""
    if growth == 0:
        return Cell("=")
    return Cell(
        f"{money(growth, currency, is_signed=True)} {printable(currency)}", ("red",) if growth > 0 else ("green",)
    )


def _describe(operation: Operation) -> str:
    """Describe the most important thing that an operation does, in few words."""
    after = operation.after
    if operation.opens and after is not None and not operation.executes:
        return _describe_opening(after)
    if not operation.money:
        return VERBS[operation.action]
    text = describe(operation.money[0])
    return f"in no file: {text}" if operation.cause is Cause.OMISSION else text


def _describe_opening(terms: Terms) -> str:
    size = f"{plain(terms.entry.units)} {terms.unit}"
    if terms.skip_enter_step:
        return f"takes over {size} already held"
    verb = "buys" if terms.entry.side is Side.BUY else "sells"
    condition = terms.entry.condition
    price = f" at {plain(terms.entry.price)}" if terms.entry.price is not None else ""
    when = f" when {condition.price_type.value} is {plain(condition.price)}" if condition else ""
    leverage = f", {plain(terms.leverage.value)}x" if terms.leverage and terms.leverage.value else ""
    return f"{verb} {size}{price}{when}{leverage}"


def _loss_row(notice: Notice) -> list[Cell]:
    return [
        Cell("!", _BAD),
        _name_cell(notice.trade, notice.live_id),
        Cell("LOSS", _BAD),
        Cell(""),
        Cell(printable(describe(notice.reason))),
    ]


def _blocked_row(blocked: Blocked) -> list[Cell]:
    what = Cell(printable(describe(blocked.reason)))
    return [
        Cell("x", ("yellow",)),
        _name_cell(blocked.trade, blocked.live_id),
        Cell("blocked", ("yellow",)),
        Cell(""),
        what,
    ]
