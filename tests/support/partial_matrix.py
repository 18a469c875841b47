"""A matrix that tries the same code many times runs in part: every member meets some of the others, in turn.

`WHOLE_MATRIX=1` runs all of it, and `SEED=1`, `SEED=2` and so on the other parts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

IS_WHOLE = bool(os.environ.get("WHOLE_MATRIX"))
SEED = int(os.environ.get("SEED", "0"))

_Member = TypeVar("_Member")


def take_part(members: Iterable[_Member], row: int, one_of: int) -> list[_Member]:
    """Every so many of the members of a row, another part in each row.

    Args:
        members: What could be tried in this row; the same ones in every row.
        row: The number of the row. After `one_of` rows each member was tried once.
        one_of: How many members there are for each that is tried.
    """
    return [each for number, each in enumerate(members) if IS_WHOLE or (number + row + SEED) % one_of == 0]
