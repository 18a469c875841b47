"""What an apply did, as text."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.operations import Action
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.terms import Terms
from reconciler.rendering.plan_text import describe_operation
from reconciler.rendering.style import Style, printable
from reconciler.rendering.takeover_text import render_takeover

_WORDS = {
    OutcomeKind.APPLIED: ("done", "green"),
    OutcomeKind.ALREADY_DONE: ("done already", "green"),
    OutcomeKind.FILLED_WHILE_CANCELLING: ("FILLED WHILE CANCELLING", "red"),
    OutcomeKind.STALE: ("not sent, stale", "yellow"),
    OutcomeKind.FAILED: ("FAILED", "red"),
    OutcomeKind.INDETERMINATE: ("INDETERMINATE", "red"),
    OutcomeKind.NOT_STARTED: ("not started", "yellow"),
}
_GOOD = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


def render_outcome(outcome: Outcome, style: Style) -> str:
    """One line about one operation."""
    live_id = f" #{outcome.live_id}" if outcome.live_id else ""
    return f"{describe_operation(outcome.operation)}{live_id}: {render_ending(outcome.kind, outcome.text, style)}"


def render_ending(kind: OutcomeKind, text: str, style: Style) -> str:
    """The word for how something ended, and what happened."""
    word, color = _WORDS[kind]
    return f"{style.paint(word, color)}{f': {printable(text)}' if text else ''}"


def render_summary(outcomes: Iterable[Outcome], style: Style) -> str:
    """The closing lines: what was done, and how many operations ended otherwise.

    A trade counts once; a replace is one added and one destroyed.
    """
    gathered = list(outcomes)
    good = [outcome.operation for outcome in gathered if outcome.kind in _GOOD]
    added = {operation.trade for operation in good if operation.action in (Action.CREATE, Action.REPLACE)}
    destroyed = {operation.trade for operation in good if operation.destroys}
    changed = {operation.trade for operation in good} - added - destroyed
    others = [
        f"{sum(outcome.kind is kind for outcome in gathered)} {_WORDS[kind][0].lower()}"
        for kind in OutcomeKind
        if kind not in _GOOD and any(outcome.kind is kind for outcome in gathered)
    ]
    takeovers = "".join(
        f"{describe_takeover(outcome.operation.trade, outcome.text, outcome.takeover)}\n\n"
        for outcome in gathered
        if outcome.takeover is not None
    )
    is_complete = not others
    head = style.paint("Apply complete!" if is_complete else "Apply incomplete.", "green" if is_complete else "red")
    line = f"{head} Trades: {len(added)} added, {len(changed)} changed, {len(destroyed)} destroyed."
    if is_complete:
        return line
    return f"{takeovers}{line}\nOperations: {', '.join(others)}. What is left is done by the next plan and apply."


def describe_takeover(trade: str, text: str, terms: Terms) -> str:
    """What was filled while its order was cancelled, with a plan file that takes charge of it.

    Args:
        trade: Name of the cancelled trade, or its id where it has none.
        text: What was filled.
        terms: What takes charge.
    """
    name = f"trade-{trade.removeprefix('#')}" if trade.startswith("#") else trade
    head = f"{trade}: {printable(text)}. This plan file takes charge of them:"
    return f"{head}\n\n{render_takeover(name, terms)}"
