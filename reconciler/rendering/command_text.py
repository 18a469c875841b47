"""Commands as text: what the user is asked, what became of it, and what the next plan will say."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.commands import Command, CommandKind, CommandOutcome
from reconciler.model.marker import MarkerState
from reconciler.model.operations import Effect
from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.outcome_text import render_ending
from reconciler.rendering.style import Style, printable

_COLORS = {Effect.EXECUTES: "red", Effect.UNPROTECTS: "red", Effect.COMMITS: "yellow"}
_ENDED = "lists it as ended and opens nothing, though the file may still say open; raise `generation` to open it again"
_RESIZED = "nothing to do: the size of a position is left alone, and the file does not know of this"
_NEXT_PLAN = {
    CommandKind.START: "nothing to do: a filled entry is progress",
    CommandKind.CLOSE: _ENDED,
    CommandKind.CANCEL: _ENDED,
    CommandKind.ADD_FUNDS: _RESIZED,
    CommandKind.REDUCE_FUNDS: _RESIZED,
    CommandKind.NOTE: "puts the note of the file back, unless it says the same",
    CommandKind.CLOSE_STEP: "nothing to do: an executed step is progress, and stays in the file as history",
    CommandKind.CANCEL_STEP: "shows the step as edited outside and puts it back, unless you take it out of the file and"
    " state its share as `unallocated`",
}


def render_question(command: Command, style: Style) -> str:
    """What a command does, in money."""
    live = command.live
    head = style.paint(f"{_verb(command)} {_subject(command)}", "bold")
    whose = f"\n  {_describe_stranger(command)}" if not command.is_ours else ""
    return f"{head} ({printable(live.terms.pair)}): {_money(command, style)}{whose}"


def render_command_outcome(outcome: CommandOutcome, style: Style) -> str:
    """One line about one command: `btc-dip: close #30000001: done`."""
    command = outcome.command
    head = f"{command.trade}: {_verb(command)} #{command.live.id}"
    if not command.is_ours:
        head = f"{command.trade}: {_verb(command)}"
    return f"{printable(head)}: {render_ending(outcome.kind, outcome.text, style)}"


def describe_next_plan(command: Command) -> str:
    """What the next plan will say about what the command has changed; empty where there is nothing to say."""
    if not command.is_ours:
        return ""
    words = _describe_averaging(command) or _NEXT_PLAN.get(command.kind, "")
    return f"Next plan: {words}." if words else ""


def _describe_averaging(command: Command) -> str:
    """What becomes of an order that waits, or waited, to add to a position; empty for all else."""
    marker, funds = command.live.reading.marker, command.funds
    has_averaging = marker is not None and marker.averaging_sent > 0
    if command.kind is CommandKind.ADD_FUNDS and funds is not None and funds.price is not None:
        adopting = f"`reconciler import --update {command.trade} --adopt` counts it"
        if has_averaging:
            return f"its averaging orders are blocked until the file lists this one, too, and {adopting}"
        return f"leaves this order alone; where the file has `averaging`, list this one there, too, and {adopting}"
    if command.kind is CommandKind.CANCEL_ORDER and has_averaging:
        return "does not send this order again; where the file lists it, take it out"
    return ""


def render_list(commands: Sequence[Command], totals: str, style: Style) -> str:
    """Many commands of one kind, a line each, then the totals in money."""
    subjects = [_subject(command) for command in commands]
    width = max(map(len, subjects), default=0)
    lines = [
        f"  {subject.ljust(width)}  {printable(command.live.terms.pair)}  {_money(command, style)}"
        for subject, command in zip(subjects, commands, strict=True)
    ]
    return "\n".join([*lines, f"In all: {totals}."])


def render_bulk_summary(outcomes: Sequence[CommandOutcome], word: str, style: Style) -> str:
    """The closing line of many commands.

    Args:
        outcomes: How they ended.
        word: What was done to them: `closed` or `cancelled`.
        style: Colours.
    """
    done = sum(outcome.kind in (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE) for outcome in outcomes)
    is_complete = done == len(outcomes)
    head = style.paint("Complete:" if is_complete else "INCOMPLETE:", "green" if is_complete else "red")
    rest = "" if is_complete else "; look at the others above, then run it again"
    return f"{head} {done} of {len(outcomes)} {word}{rest}."


def _money(command: Command, style: Style) -> str:
    money = printable(command.money)
    return style.paint(money, _COLORS[command.effect]) if command.effect in _COLORS else money


def _verb(command: Command) -> str:
    return command.kind.value.replace("_", " ")


def _subject(command: Command) -> str:
    return printable(f"{command.trade} #{command.live.id}" if command.is_ours else command.trade)


def _describe_stranger(command: Command) -> str:
    reading = command.live.reading
    if reading.marker is not None:
        name = printable(f"{reading.marker.workspace}/{reading.marker.name}")
        return f"NOT of this workspace: it belongs to `{name}`"
    if reading.state is MarkerState.ABSENT:
        note = f", its note is `{printable(reading.text)}`" if reading.text else ""
        return f"NOT of this workspace: it carries no marker{note}"
    return "its marker cannot be read, so nobody knows whose it is"
