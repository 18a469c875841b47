"""Why a trade may be left alone when all is calm: each reason is the trace of something that has happened to it."""

from __future__ import annotations

import re

from reconciler.model.plan import Blocked
from reconciler.rendering.reasons import describe
from tests.scenarios.simulation.trace import Trace

_EDITS = ("file: entry", "file: entry price", "a person edits position.price.value")
_STEPS = ("file: steps", "file: drop step", "a person edits take_profit", "a person cancels a step", "file: entry")

# A pasted marker makes of any trade one that it is not, and leaves its own without one.
_PASTED = "a person pastes a marker"

_LATE = ("a plan that was saved is applied late", "a plan that was saved is applied again")

_ILLEGIBLE = r"may be this trade|is not proven that it"

_UNMARKED = (
    *("a person opens a trade that looks like ours", "a person opens a trade by hand"),
    *("a person empties a note", "a person cuts a note", "file: released"),
)

# How the answer to a write may have been lost, so that nobody knows its effect.
_MISFIT = r"carries its marker(, and the journal knows another one| and is another trade| and may be another trade)"

# What a reason says, and what must have happened for it to be true.
_CAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"both carry this name", ("twins by a doubled create",)),
    # Of a sale the text of the note says what it sells.
    (_MISFIT, ("file: entry", "a person cuts a note")),
    (r"has this name, too, and was opened after|was read with the marker of", (_PASTED,)),
    (
        r"has this name, too, was opened before #\d+ and did not make way for it",
        (_PASTED, "twins by a doubled create"),
    ),
    (r"was opened for it and has ended", (*_UNMARKED, "a person edits a note")),
    (r"generation \d+ is still live", ("file: generation",)),
    (r"generation \d+ was opened already", (*_LATE, "file: put back")),
    (r"is in no file and has the same account", ("file: remove",)),
    (r"it is no longer in any file", ("file: remove",)),
    (
        r"carries no marker and is alike in pair, side and size",
        (
            "a person opens a trade that looks like ours",
            "a person opens a trade by hand",
            "a person empties a note",
            "file: released",
            "a person cuts a note",
        ),
    ),
    (r"was opened for it, and somebody removed its marker", _UNMARKED),
    (_ILLEGIBLE, ("a person cuts a note",)),
    (r"the entry is partly filled", ("a partial fill", "exchange: fill_on_cancel")),
    (r"the position is open and the file has another entry", (*_EDITS, "file: put back")),
    (
        r"its close was cut short|was opened to sell what its entry had filled",
        ("a partial fill", "exchange: fill_on_cancel"),
    ),
    (r"its entry was filled while it was being changed", _EDITS),
    (r"a part of the position was closed", _STEPS),
    (r"an update needs take-profit volumes of 100", ("file: drop step",)),
    (r"the live take-profit volumes do not add up to 100", ("file: drop step", "a person cancels a step")),
    (r"the take-profit volumes of a new trade must add up", ("file: drop step",)),
    (r"breakeven needs at least 2", (*_STEPS, "file: stop")),
    (r"the last waiting step cannot go", _STEPS),
    (r"no other step would stay open", ("file: drop step",)),
    (
        r"accepts levels in percent only while the entry trails",
        (*_STEPS, "file: stop", "a person edits stop_loss"),
    ),
)


def check_blocked(blocked: Blocked, trace: Trace) -> None:
    """A block names a cause that the history really contains."""
    for pattern, kinds in _CAUSES:
        if re.search(pattern, describe(blocked.reason)):
            # A cut note may not show any more whose it was, and then stands in the way of everybody.
            is_anybody = pattern == _ILLEGIBLE and any(kind in kinds for kind, _ in trace.facts)
            if not is_anybody and not trace.has(*kinds, _PASTED, name=blocked.trade):
                trace.break_law(
                    f"{blocked.trade} is blocked, but nothing of the kind happened: {describe(blocked.reason)}"
                )
            trace.count(f"blocked: {pattern}")
            return
    trace.break_law(f"{blocked.trade} is blocked for a reason that no history can have: {describe(blocked.reason)}")
