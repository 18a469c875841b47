"""What fits into a comment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.rendering.markdown.budget import Piece, choose, measure

PIECES = [
    Piece(row="d" * 99, block="D" * 998, is_dangerous=True),
    Piece(row="a" * 99, block="A" * 998, is_dangerous=False),
    Piece(row="b" * 99, block="", is_dangerous=False),
]


def test_all_is_shown_if_it_fits() -> None:
    choice = choose(PIECES, 10_000)
    assert (choice.rows, choice.blocks) == ((0, 1, 2), (0, 1))


def test_dangerous_blocks_come_before_other_rows_and_rows_before_blocks() -> None:
    assert choose(PIECES, 1_000 + 100) == choose(PIECES, 1_000 + 1_000 + 99)
    assert choose(PIECES, 1_000 + 100).rows == (0,)
    assert choose(PIECES, 1_000 + 100).blocks == ()
    whole_danger = choose(PIECES, 1_000 + 1_100)
    assert (whole_danger.rows, whole_danger.blocks) == ((0,), (0,))
    with_rows = choose(PIECES, 1_000 + 1_300)
    assert (with_rows.rows, with_rows.blocks) == ((0, 1, 2), (0,))


def test_without_room_nothing_is_shown() -> None:
    assert choose(PIECES, -5).rows == ()


_pieces = st.lists(st.builds(Piece, row=st.text(max_size=30), block=st.text(max_size=90), is_dangerous=st.booleans()))


@given(_pieces, st.integers(0, 3000))
def test_what_is_chosen_is_never_larger_than_the_room(pieces: list[Piece], room: int) -> None:
    choice = choose(pieces, room)
    rows = sum(measure(pieces[place].row) + 1 for place in choice.rows)
    assert rows + sum(measure(pieces[place].block) + 2 for place in choice.blocks) <= room
    shown = set(choice.rows)
    assert set(choice.blocks) <= shown
    left_out = {place for place in range(len(pieces)) if place not in shown}
    if any(pieces[place].is_dangerous for place in left_out):
        assert all(pieces[place].is_dangerous for place in shown)


def test_bytes_are_counted_and_not_characters() -> None:
    assert measure("🔴x") == 5
