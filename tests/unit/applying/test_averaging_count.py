"""The count in the marker: never lowered by another write, and what proves that a counted order never left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.applying.averaging_count import is_proven_unsent, keep_count, write_count
from reconciler.codec.note import read_note, write_marker
from reconciler.model.journal import Intent, IntentState, Write, WriteKind
from tests.support import builders
from tests.support.averaging_orders import order

NOTE = write_marker(builders.marker())
STATES = {"": IntentState.APPLIED, "?": IntentState.PENDING, "!": IntentState.FAILED}


def history(text: str) -> list[Intent]:
    """`a1` is a note that counts one, `a0` one that counts none, `+` an order; `?` not known, `!` without effect."""
    found = []
    for place, word in enumerate(text.split()):
        is_order, state = word.startswith("+"), STATES["".join(mark for mark in word if mark in "?!")]
        write = Write(kind=WriteKind.SET_NOTE, trade="btc-dip", generation=1, live_id=1)
        if is_order:
            write = replace(write, kind=WriteKind.ADD_FUNDS, averaging=order(57000))
        else:
            write = replace(write, note=write_count(NOTE, int(word.strip("a?!"))))
        found.append(Intent(id=place, run_id=1, write=write, intended_at=builders.NOW, state=state, text=""))
    return found


@pytest.mark.parametrize(
    ("writes", "counted", "is_proven"),
    [
        ("", 1, False),
        ("a1", 1, True),
        ("a1", 2, False),
        ("a1 +", 1, False),
        ("a1 +!", 1, True),
        ("a1 +? ", 1, False),
        ("a1 +! +", 1, False),
        ("a1 + a2", 2, True),
        ("a1 + a2 +", 2, False),
        ("a1 a1", 1, True),
        ("a1 + a1", 1, False),
        ("a1 +! a0 a1", 1, True),
        ("a1 +! a0 a1 +", 1, False),
        ("a1 +! a0", 0, False),
        ("a1!", 1, False),
        ("a2", 2, False),
        ("+", 0, False),
    ],
)
def test_only_the_journal_that_saw_the_count_proves_that_the_order_never_left(
    writes: str, counted: int, *, is_proven: bool
) -> None:
    assert is_proven_unsent(history(writes), counted, is_settled=True) is is_proven


def test_before_it_is_settled_an_order_without_an_answer_may_be_planned_again() -> None:
    assert is_proven_unsent(history("a1 +?"), 1, is_settled=False)
    assert not is_proven_unsent(history("a1 +"), 1, is_settled=False)


def test_a_note_never_counts_fewer_orders_than_the_live_one() -> None:
    live = builders.live(note=write_count(NOTE, 2))
    assert keep_count(NOTE, live) == write_count(NOTE, 2)
    assert keep_count(write_count(NOTE, 3), live) == write_count(NOTE, 3)
    assert keep_count("released by reconciler", live) == "released by reconciler"


def test_the_text_of_the_user_stays_behind_the_count() -> None:
    reading = read_note(write_count(f"{NOTE} weekly", 12))
    assert reading.marker is not None
    assert (reading.marker.averaging_sent, reading.text) == (12, "weekly")
