"""Operations by hand as text: the question, what became of it, and what the next plan will show."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconciler.model.live import LiveTrade
from reconciler.model.marker import MarkerState
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.planning.forecasts import expected_entry_price
from reconciler.rendering.outcome_text import render_ending
from reconciler.rendering.reasons import describe_all
from reconciler.rendering.style import Style, printable
from reconciler.rendering.templates import readable

_COLORS = {Effect.EXECUTES: "red", Effect.UNPROTECTS: "red", Effect.COMMITS: "yellow"}
_ENDED = "lists it as ended and opens nothing, though the file may still say open; raise `generation` to open it again"
_RESIZED = "nothing to do: the size of a position is left unchanged, and the file does not know of this"
_NEXT_PLAN = {
    Action.START: "nothing to do: a filled entry is progress",
    Action.CLOSE: _ENDED,
    Action.CANCEL: _ENDED,
    Action.ADD_FUNDS: _RESIZED,
    Action.REDUCE_FUNDS: _RESIZED,
    Action.NOTE: "puts the note of the file back, unless it says the same",
    Action.CLOSE_STEP: "nothing to do: an executed step is progress, and stays in the file as history",
    Action.CANCEL_STEP: "shows the step as edited outside and puts it back, unless you remove it from the file and"
    " state its share as `unallocated`",
}


def render_question(operation: Operation, style: Style) -> str:
    """Show what an operation by hand does, in money."""
    head = style.paint(f"{_verb(operation)} {_subject(operation)}", "bold")
    whose = f"\n  {_describe_stranger(_live_of(operation))}" if not operation.is_ours else ""
    return f"{head} ({printable(operation.pair)}): {_money(operation, style)}{whose}"


def render_command_outcome(outcome: Outcome, style: Style) -> str:
    """Show one line about one operation by hand: `btc-dip: close #30000001: done`."""
    operation = outcome.operation
    head = f"{operation.trade}: {_verb(operation)}"
    if operation.is_ours:
        head += f" #{operation.live_id}"
    return f"{printable(head)}: {render_ending(outcome, style)}"


def describe_next_plan(operation: Operation) -> str:
    """Describe what the next plan will show of what was changed by hand; empty if there is nothing to say."""
    if not operation.is_ours:
        return ""
    words = _describe_averaging(operation) or _NEXT_PLAN.get(operation.action, "")
    return f"Next plan: {words}." if words else ""


def _describe_averaging(operation: Operation) -> str:
    """Describe what becomes of an order that waits, or waited, to add to a position; empty for all else."""
    marker = _live_of(operation).reading.marker
    funds = operation.command.funds if operation.command else None
    has_averaging = marker is not None and marker.averaging_sent > 0
    if operation.action is Action.ADD_FUNDS and funds is not None and funds.price is not None:
        adopting = f"`reconciler import --update {operation.trade} --adopt` counts it"
        if has_averaging:
            return f"its averaging orders are blocked until the file lists this one, too, and {adopting}"
        return f"leaves this order unchanged; if the file has `averaging`, list this one there, too, and {adopting}"
    if operation.action is Action.CANCEL_ORDER and has_averaging:
        return "does not send this order again; if the file lists it, remove it there"
    return ""


def render_list(operations: Sequence[Operation], totals: str, style: Style) -> str:
    """Show many operations of one kind, a line each, then the totals in money."""
    subjects = [_subject(operation) for operation in operations]
    width = max(map(len, subjects), default=0)
    lines = [
        f"  {subject.ljust(width)}  {printable(operation.pair)}  {_money(operation, style)}"
        for subject, operation in zip(subjects, operations, strict=True)
    ]
    return "\n".join([*lines, f"In all: {totals}."])


def render_bulk_summary(outcomes: Sequence[Outcome], word: str, style: Style) -> str:
    """Show the closing line of many operations.

    Args:
        outcomes: How they ended.
        word: What was done to them: `closed` or `cancelled`.
        style: Colours.
    """
    done = sum(outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE) for outcome in outcomes)
    is_complete = done == len(outcomes)
    head = style.paint("Complete:" if is_complete else "INCOMPLETE:", "green" if is_complete else "red")
    rest = "" if is_complete else "; check the others above, then run it again"
    return f"{head} {done} of {len(outcomes)} {word}{rest}."


def _money(operation: Operation, style: Style) -> str:
    money = printable(describe_all(operation.money))
    return style.paint(money, _COLORS[operation.effect]) if operation.effect in _COLORS else money


def _verb(operation: Operation) -> str:
    return operation.action.value.replace("_", " ")


def _subject(operation: Operation) -> str:
    return printable(f"{operation.trade} #{operation.live_id}" if operation.is_ours else operation.trade)


def _live_of(operation: Operation) -> LiveTrade:
    if operation.command is None:
        raise ValueError(f"{operation.action} of a plan was not asked for by hand")
    return operation.command.live


def _describe_stranger(live: LiveTrade) -> str:
    reading = live.reading
    if reading.marker is not None:
        name = printable(f"{reading.marker.workspace}/{reading.marker.name}")
        return f"NOT of this workspace: it belongs to `{name}`"
    if reading.state is MarkerState.ABSENT:
        note = f", its note is `{printable(reading.text)}`" if reading.text else ""
        return f"NOT of this workspace: it carries no marker{note}"
    return "its marker cannot be read, so its owner is not known"


def describe_totals(operations: Sequence[Operation]) -> str:
    """Describe what some commands are about in money, for each quote currency."""
    by_quote: dict[str, list[LiveTrade]] = {}
    for operation in operations:
        if operation.command is not None:
            live = operation.command.live
            by_quote.setdefault(live.terms.quote, []).append(live)
    return "; ".join(_describe_total(quote, lives) for quote, lives in sorted(by_quote.items()))


def _describe_total(quote: str, lives: Sequence[LiveTrade]) -> str:
    worths = [worth for worth in map(_worth, lives) if worth is not None]
    profit = sum((live.profit or Decimal(0) for live in lives), Decimal(0))
    words = f", profit now {readable(profit)} {quote}" if profit else ""
    worth = f"{len(worths)} worth about {readable(sum(worths, Decimal(0)))} {quote}" if worths else ""
    unknown = len(lives) - len(worths)
    rest = f"{unknown} in {quote} contracts whose worth is not known" if unknown else ""
    return f"{', '.join(filter(None, (worth, rest)))}{words}"


def _worth(live: LiveTrade) -> Decimal | None:
    """Return the quote currency that a waiting entry commits, or that a position holds at the present price.

    Returns:
        None if the size of a contract is not known.
    """
    market = live.terms.market
    if live.was_never_filled:
        return market.worth_of(live.terms.entry.units, expected_entry_price(live.terms))
    price = live.prices.last if live.prices else live.average_price or Decimal(0)
    return market.worth_of(live.held_units, price)
