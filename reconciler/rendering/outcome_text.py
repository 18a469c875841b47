"""Outcomes as text: a line for each, and the summary of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reconciler.model.operations import Action
from reconciler.model.outcomes import Outcome, OutcomeKind, is_frozen, is_held_back
from reconciler.model.terms import Terms
from reconciler.rendering.plan_text import describe_operation
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style, printable
from reconciler.rendering.takeover_text import render_takeover

# How an operation ended, with the colour of the word.
_WORDS = {
    OutcomeKind.APPLIED: ("done", "green"),
    OutcomeKind.ALREADY_DONE: ("done already", "green"),
    OutcomeKind.FILLED_WHILE_CANCELLING: ("FILLED WHILE CANCELLING", "red"),
    OutcomeKind.STALE: ("not sent, stale", "yellow"),
    OutcomeKind.FAILED: ("FAILED", "red"),
    OutcomeKind.INDETERMINATE: ("INDETERMINATE", "red"),
    OutcomeKind.NOT_STARTED: ("not started", "yellow"),
}
_HELD_BACK = ("held back", "yellow")
# What may have opened or left something comes before what only has not been done.
_WORST_FIRST = (
    OutcomeKind.FILLED_WHILE_CANCELLING,
    OutcomeKind.INDETERMINATE,
    OutcomeKind.FAILED,
    OutcomeKind.STALE,
    OutcomeKind.NOT_STARTED,
)
_GOOD = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


def render_outcome(outcome: Outcome, style: Style) -> str:
    """Show one line about one operation."""
    live_id = f" #{outcome.live_id}" if outcome.live_id else ""
    return f"{describe_operation(outcome.operation)}{live_id}: {render_ending(outcome, style)}"


def render_ending(outcome: Outcome, style: Style) -> str:
    """Show the word for how an operation ended, and what happened."""
    word, color = find_word(outcome)
    text = describe_outcome(outcome)
    return f"{style.paint(word, color)}{f': {printable(text)}' if text else ''}"


def describe_outcome(outcome: Outcome) -> str:
    """Describe what happened, as one sentence; empty if nothing needs saying."""
    return "" if outcome.reason is None else describe(outcome.reason)


def summarize_outcomes(outcomes: Iterable[Outcome]) -> tuple[str, str]:
    """Write how many trades were added, changed and destroyed, and how many operations ended otherwise.

    A trade counts once; a replace is one added and one destroyed.
    """
    gathered = list(outcomes)
    good = [outcome.operation for outcome in gathered if outcome.kind in _GOOD]
    added = {operation.trade for operation in good if operation.action in (Action.CREATE, Action.REPLACE)}
    destroyed = {operation.trade for operation in good if operation.destroys}
    changed = {operation.trade for operation in good} - added - destroyed
    counts = Counter(find_word(outcome) for outcome in gathered if outcome.kind not in _GOOD)
    words = (*(_WORDS[kind] for kind in _WORST_FIRST), _HELD_BACK)
    others = [f"{counts[word]} {word[0].lower()}" for word in words if word in counts]
    summary = f"Trades: {len(added)} added, {len(changed)} changed, {len(destroyed)} destroyed."
    return summary, ", ".join(others)


def render_summary(outcomes: Iterable[Outcome], style: Style) -> str:
    """Show the closing lines: what was done, and how many operations ended otherwise."""
    gathered = list(outcomes)
    summary, others = summarize_outcomes(gathered)
    takeovers = "".join(
        f"{describe_takeover(outcome, outcome.takeover)}\n\n" for outcome in gathered if outcome.takeover is not None
    )
    is_complete = not others
    head = style.paint("Apply complete!" if is_complete else "Apply incomplete.", "green" if is_complete else "red")
    line = f"{head} {summary}"
    if is_complete:
        return line
    return f"{takeovers}{line}\nOperations: {others}. {describe_rest(gathered)}"


def describe_rest(outcomes: Iterable[Outcome]) -> str:
    """Describe what becomes of the operations that were not done."""
    is_waiting = all(waits(outcome) for outcome in outcomes if outcome.kind not in _GOOD)
    condition = " once it is acknowledged or the freeze is over" if is_waiting else ""
    return f"What is left is done by the next plan and apply{condition}."


def find_word(outcome: Outcome) -> tuple[str, str]:
    """Return the word for how an operation ended, and its colour."""
    return _HELD_BACK if waits(outcome) else _WORDS[outcome.kind]


def waits(outcome: Outcome) -> bool:
    """Return whether an operation was held back by a passed limit or a freeze, and not by a fault."""
    return is_held_back(outcome) or (outcome.kind is OutcomeKind.NOT_STARTED and is_frozen(outcome))


def describe_takeover(outcome: Outcome, terms: Terms) -> str:
    """Show what was filled while its order was cancelled, with a plan file that manages it.

    Args:
        outcome: How the cancel ended.
        terms: The trade that takes it over.
    """
    head = f"{outcome.operation.trade}: {printable(describe_outcome(outcome))}. This plan file manages them:"
    return f"{head}\n\n{_write_file(outcome, terms)}"


def describe_takeover_file(outcome: Outcome) -> str:
    """Write the plan file that takes over what was filled while it was being cancelled; empty if nothing was."""
    return "" if outcome.takeover is None else _write_file(outcome, outcome.takeover)


def _write_file(outcome: Outcome, terms: Terms) -> str:
    trade = outcome.operation.trade
    # By hand a trade that is not of this workspace has only an id.
    name = f"trade-{trade.removeprefix('#')}" if trade.startswith("#") else trade
    return render_takeover(name, terms)
