"""The lines about live trades that are shown and left unchanged."""

from __future__ import annotations

from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged


def test_without_trades_there_is_no_line() -> None:
    assert describe_unmanaged(()) == describe_outside(()) == ""


def test_a_line_counts_the_trades_and_names_five_at_most() -> None:
    assert describe_unmanaged((7,)) == "Not managed: 1 live trade on accounts of this target: #7"
    assert describe_outside(range(1, 8)) == (
        "Left unchanged: 7 live trades of this workspace on accounts that this target does not name:"
        " #1, #2, #3, #4, #5 and 2 more"
    )
