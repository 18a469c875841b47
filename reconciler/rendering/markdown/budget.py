"""What fits into a comment: the most dangerous first, and only whole rows and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What GitHub stores is 262,144 bytes, and its error names 65,536 characters. Source: design, sections 5 and 10.
COMMENT_BYTES = 60_000
# A step summary is dropped as a whole if it is larger. Source: design, section 5.
SUMMARY_BYTES = 1_000_000
# Room for the sentences that count what is left out.
_RESERVE = 1_000
# A line feed after a row, and two after a block.
_ROW_END, _BLOCK_END = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One row of an index with the block that belongs to it.

    Attributes:
        row: The row.
        block: The block; empty if there is none.
        is_dangerous: Whether it comes before all that is not.
    """

    row: str
    block: str
    is_dangerous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What fits.

    Attributes:
        rows: Places of the rows that are shown, rising.
        blocks: Places of the blocks that are shown, rising.
    """

    rows: tuple[int, ...]
    blocks: tuple[int, ...]


def choose(pieces: Sequence[Piece], room: int) -> Choice:
    """Choose what fits: dangerous rows, their blocks, other rows, other blocks; the first that does not fit ends it.

    Args:
        pieces: The most dangerous first.
        room: Bytes of UTF-8 for all of them.
    """
    left = room if _measure_all(pieces) <= room else room - _RESERVE
    rows: list[int] = []
    blocks: list[int] = []
    is_full = False
    for is_dangerous in (True, False):
        places = [place for place, piece in enumerate(pieces) if piece.is_dangerous is is_dangerous]
        for place in places:
            size = measure(pieces[place].row) + _ROW_END
            is_full = is_full or size > left
            if not is_full:
                rows.append(place)
                left -= size
        shown = frozenset(rows)
        for place in places:
            size = measure(pieces[place].block) + _BLOCK_END
            is_full = is_full or size > left or place not in shown
            if not is_full and pieces[place].block:
                blocks.append(place)
                left -= size
    return Choice(rows=tuple(sorted(rows)), blocks=tuple(sorted(blocks)))


def measure(text: str) -> int:
    """Return the number of bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())


def _measure_all(pieces: Sequence[Piece]) -> int:
    return sum(measure(each.row) + _ROW_END + measure(each.block) + _BLOCK_END for each in pieces)
